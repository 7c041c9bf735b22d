import type { EChartsOption } from "echarts";
import { useEffect, useRef } from "react";

import { useTheme } from "../shell/theme";
import type { EChartsType } from "./canvas";
import { INK } from "./palette";

interface Props {
  option: EChartsOption;
  height: number;
  /** What the chart shows, for those who do not see it. */
  label: string;
  /** Names the downloaded file; without it there is no download. */
  file?: string;
}

/** A canvas that follows its box and its option without starting over. */
export function Chart({ option, height, label, file }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const latest = useRef(option);
  const theme = useTheme();
  latest.current = option;

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let gone = false;
    const resize = new ResizeObserver(() => chart.current?.resize());
    void import("./canvas").then(({ init }) => {
      if (gone) return;
      chart.current = init(element);
      chart.current.setOption(latest.current);
      resize.observe(element);
    });
    return () => {
      gone = true;
      resize.disconnect();
      chart.current?.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    chart.current?.setOption(option, { replaceMerge: ["series"] });
  }, [option]);

  function download() {
    const url = chart.current?.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: INK[theme].surface });
    if (url) save(url, `${file}.png`);
  }

  return (
    <figure className="chart">
      <div ref={box} role="img" aria-label={label} style={{ height }} />
      {file && (
        <button type="button" className="button quiet chart-save" onClick={download}>
          PNG
        </button>
      )}
    </figure>
  );
}

export function save(url: string, name: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}
