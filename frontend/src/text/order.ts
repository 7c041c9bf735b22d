/** How names are put in order: as people read them, the numbers in them by their size. */

const NUMBER = /(\d+(?:\.\d+)?)/;

/** "alpha=0.05" before "alpha=0.4" before "alpha=10". */
export function byName(a: string, b: string): number {
  const [left, right] = [a.split(NUMBER), b.split(NUMBER)];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const [one, other] = [left[index]!, right[index]!];
    // Numbers stand at the odd places, whatever is between them at the even ones.
    const difference = index % 2 === 1 ? Number(one) - Number(other) : one.localeCompare(other, "en");
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
