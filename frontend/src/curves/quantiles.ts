/**
 * The 97.5 % quantiles of Student's t for 1 to 30 degrees of freedom, as in the NIST/SEMATECH
 * e-Handbook of Statistical Methods, section 1.3.6.7.2.
 */
const T_975 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11, 2.101, 2.093,
  2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/** Beyond the table its last value, which is at most 4 % too wide: the limit is 1.960. */
export function quantileOfT(freedom: number): number {
  const value = T_975[Math.min(freedom, T_975.length) - 1];
  if (value === undefined) throw new RangeError(`Student's t has no ${freedom} degrees of freedom`);
  return value;
}
