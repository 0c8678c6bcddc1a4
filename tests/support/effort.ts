/** How much is tried, in the short form and in the long one. */
export type Effort = (short: number, long: number) => number;

export function effortOf(isLong: boolean): Effort {
  return (short, long) => (isLong ? long : short);
}
