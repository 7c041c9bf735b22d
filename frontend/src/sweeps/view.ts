/** The list's view, which its address keeps. */

import type { SweepSort } from "../api/types";

export const PAGE = 50;
export const NEWEST: SweepSort = "-created";

/** The columns that can be sorted by, and how each is sorted first. */
export const COLUMNS = {
  name: { label: "Sweep", first: "name" },
  done: { label: "Progress", first: "done" },
  owner: { label: "Owner", first: "owner" },
  arms: { label: "Arms × seeds", first: "-arms" },
  created: { label: "Created", first: "-created" },
} satisfies Record<string, { label: string; first: SweepSort }>;

export type Column = keyof typeof COLUMNS;

export interface ListView {
  search: string;
  archived: boolean;
  sort: SweepSort;
  page: number;
}

export function readView(parameters: URLSearchParams): ListView {
  const sort = parameters.get("sort") ?? "";
  const page = Number(parameters.get("page") ?? 1);
  return {
    search: parameters.get("search") ?? "",
    archived: parameters.has("archived"),
    sort: columnOf(sort) in COLUMNS ? (sort as SweepSort) : NEWEST,
    page: Number.isInteger(page) && page > 0 ? page : 1,
  };
}

/** What is as it is without a word about it stays out of the address. */
export function writeView({ search, archived, sort, page }: ListView): string {
  const parameters = new URLSearchParams({
    ...(search && { search }),
    ...(archived && { archived: "1" }),
    ...(sort !== NEWEST && { sort }),
    ...(page > 1 && { page: String(page) }),
  });
  return parameters.size > 0 ? `?${parameters}` : "";
}

export function columnOf(sort: string): string {
  return sort.replace(/^-/, "");
}

/** What a press on a column's head sorts by: the column, or its other direction. */
export function nextSort(column: Column, sort: SweepSort): SweepSort {
  const { first } = COLUMNS[column];
  if (sort !== first) return first;
  return (sort.startsWith("-") ? column : `-${column}`) as SweepSort;
}
