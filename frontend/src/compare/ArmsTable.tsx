import { memo, useId, useMemo } from "react";

import { SortHead } from "../shell/SortHead";
import { ArmDetail } from "./ArmDetail";
import { ArmHead } from "./ArmHead";
import { rowProps, type ArmRowProps, type ArmsProps } from "./arms";
import { ARM, groupsOf, OTHERS, type Column, type KColumns } from "./columns";
import { SeedRows } from "./SeedRows";

/** Arms by ks: the baseline pinned, each row opening to its seeds. */
export function ArmsTable(props: ArmsProps) {
  const { comparison, arms, ks } = props;
  const groups = useMemo(() => groupsOf(comparison, ks), [comparison, ks]);
  return (
    <div className="scroll-box" tabIndex={0} role="region" aria-label="Arms table">
      <table className="list arms">
        <caption className="visually-hidden">Arms at k = {ks.join(", ")}, the baseline first</caption>
        <thead>
          <tr>
            {headOf(props, ARM, 2)}
            {groups.map((group) => (
              <GroupHead key={group.k} group={group} {...props} />
            ))}
            {OTHERS.map((column) => headOf(props, column, 2))}
          </tr>
          <tr>{groups.flatMap(({ columns }) => columns.map((column) => headOf(props, column)))}</tr>
        </thead>
        <tbody>
          {arms.map((arm) => (
            <ArmRow key={arm.name} {...rowProps(arm, props)} groups={groups} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function GroupHead({ group: { k, columns }, ks, k: shown, onK, onRemove }: { group: KColumns } & ArmsProps) {
  const removable = ks.length > 1 && k !== shown;
  /** The next head gets the focus; there is one, of another k or of what follows them. */
  function remove(button: HTMLElement) {
    button.closest("th")?.nextElementSibling?.querySelector("button")?.focus();
    onRemove(k);
  }
  return (
    <th scope="colgroup" colSpan={columns.length} className="k-head k-start">
      <button type="button" onClick={() => onK(k)} aria-pressed={k === shown} title={`Show pass@${k} in the heat map too`}>
        pass@<b>{k}</b>
      </button>
      {removable && (
        <button type="button" className="k-remove" aria-label={`Remove the columns of k = ${k}`} onClick={(event) => remove(event.currentTarget)}>
          ×
        </button>
      )}
    </th>
  );
}

/** A column of none of the ks has the height of both rows of heads. */
function headOf({ order, onSort }: ArmsProps, column: Column, rowSpan?: number) {
  const sorted = order?.column === column.id ? (order.falling ? "descending" : "ascending") : undefined;
  return <SortHead key={column.id} label={column.title} hint={column.hint} className={headClass(column)} {...{ sorted, rowSpan }} onSort={() => onSort(column)} />;
}

function headClass({ id, starts }: Column): string {
  if (id === ARM.id) return "arm-column";
  return starts ? "number k-start" : "number";
}

const ArmRow = memo(function ArmRow({ groups, ...row }: ArmRowProps & { groups: KColumns[] }) {
  const { arm, comparison, selected, open, dimmed } = row;
  const detail = useId();
  const columns = [...groups.flatMap((group) => group.columns), ...OTHERS];
  const name = [arm.is_baseline ? "pinned" : "", selected ? "selected" : "", dimmed ? "dimmed" : ""].filter(Boolean).join(" ");
  return (
    <>
      <tr className={name}>
        <th scope="row">
          <ArmHead {...row} detail={detail} />
        </th>
        {columns.map((column) => (
          <td key={column.id} className={column.starts ? "number k-start" : "number"}>
            <span className={column.look?.(arm)}>{column.text(arm)}</span>
            {column.note && <span className={["note", column.noteLook?.(arm)].filter(Boolean).join(" ")}>{column.note(arm)}</span>}
          </td>
        ))}
      </tr>
      {open && (
        <>
          <tr className="arm-opened" id={detail}>
            <td colSpan={columns.length + 1}>
              <ArmDetail {...row} />
            </td>
          </tr>
          <SeedRows arm={arm} comparison={comparison} groups={groups} busy={row.busy} onDiff={row.onDiff} />
        </>
      )}
    </>
  );
});
