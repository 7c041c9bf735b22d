/** Rows as comma-separated values, as the API writes them. */

export type Cell = string | number | null;

/** The first row is the header; nothing is an empty cell. */
export function toCsv(rows: Cell[][]): string {
  return rows.map((row) => `${row.map(written).join(",")}\n`).join("");
}

function written(cell: Cell): string {
  const text = cell === null ? "" : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
