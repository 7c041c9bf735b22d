import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { sweepOf } from "../curves/samples";
import { mount, network, outOfView, reply } from "../standins";
import { ConfigDiff } from "./ConfigDiff";

it("asks for the sweep's runs, which may be compared too, only once it comes into view", async () => {
  const look = outOfView();
  const runs = [{ id: 70, arm: "grpo", seed: 0 }];
  network.mockImplementation(async () => reply({ runs, sweeps: [], cursor: "" }));
  mount(<ConfigDiff sweep={sweepOf(["grpo", "grpo"], ["shaped", "entropy_shaped"])} busy={false} chosen={["grpo", "shaped"]} onChoose={() => undefined} />);
  expect(network).not.toHaveBeenCalled();
  look();
  expect(await screen.findByRole("option", { name: "run 70: grpo, seed 0" })).toBeInTheDocument();
});
