/** Some of a sweep's arms as their positions in it, which never change: "0-3,7". */

export function written(positions: Iterable<number>): string {
  const rising = Array.from(new Set(positions)).sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const position of rising) {
    const last = ranges.at(-1);
    if (last && last[1] === position - 1) last[1] = position;
    else ranges.push([position, position]);
  }
  return ranges.map(([low, high]) => (low === high ? String(low) : `${low}-${high}`)).join(",");
}

/** What is no position of one of `count` arms is passed over. */
export function readPositions(text: string, count: number): Set<number> {
  const found = new Set<number>();
  for (const part of text.split(",")) {
    const [, low, high = low] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    if (low === undefined) continue;
    for (let position = Number(low); position <= Math.min(Number(high), count - 1); position += 1) found.add(position);
  }
  return found;
}
