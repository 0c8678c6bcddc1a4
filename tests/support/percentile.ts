/** The smallest value that `part` of all do not exceed: 0.5 is the middle, 1 the worst. 0 when there is nothing. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}
