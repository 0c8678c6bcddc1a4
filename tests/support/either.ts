/** What is tried in the short form, and what in the long one. */
export type Either = <T>(short: T, long: T) => T;

export function eitherOf(isLong: boolean): Either {
  return (short, long) => (isLong ? long : short);
}
