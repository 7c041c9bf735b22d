/** Times and durations as the page writes them. */

import { NOTHING } from "./numbers";

/** 42 -> "42 s", 95 -> "1 min 35 s", 5400 -> "1 h 30 min", 200000 -> "2 d 7 h" */
export function duration(seconds: number | null | undefined): string {
  if (seconds == null) return NOTHING;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return pair(Math.floor(whole / 60), "min", whole % 60, "s");
  if (whole < 86_400) return pair(Math.floor(whole / 3600), "h", Math.round((whole % 3600) / 60), "min");
  return pair(Math.floor(whole / 86_400), "d", Math.round((whole % 86_400) / 3600), "h");
}

function pair(large: number, unit: string, small: number, part: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${part}`;
}

/** "just now", "4 min ago", "3 h ago", then the date. */
export function ago(moment: string, now: number): string {
  const seconds = (now - Date.parse(moment)) / 1000;
  if (seconds < 45) return "just now";
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  if (seconds < 7 * 86_400) return `${Math.round(seconds / 86_400)} d ago`;
  return new Date(moment).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
}

/** The exact moment in the reader's time zone. */
export function exact(moment: string): string {
  return new Date(moment).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" });
}

/** "14:03:22" */
export function clock(milliseconds: number): string {
  return new Date(milliseconds).toLocaleTimeString("en-GB");
}

export function between(start: string, end: string | null, now: number): string {
  return duration(Math.max(0, (end ? Date.parse(end) : now) - Date.parse(start)) / 1000);
}
