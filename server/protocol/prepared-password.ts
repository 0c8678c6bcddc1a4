/**
 * A password as it is stretched, the same from every keyboard (RFC 8265, OpaqueString): spaces of every kind are one,
 * accents are composed, and nothing else is changed, not even at the ends. Idempotent.
 *
 * A file of its own: whoever signs in needs no list of the passwords that may not be chosen.
 */
export function preparePassword(text: string): string {
  return text.replace(/\p{Zs}/gu, ' ').normalize('NFC');
}
