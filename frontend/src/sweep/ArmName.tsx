import { Fragment } from "react";

/** An arm's name, which may break after its template and between its parameters. */
export function ArmName({ name }: { name: string }) {
  return (
    <span className="arm-words">
      {name.split(/(?<=[/,])/).map((part, index) => (
        <Fragment key={index}>
          {index > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </span>
  );
}
