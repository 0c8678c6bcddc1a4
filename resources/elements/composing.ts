/**
 * While an input method composes (Japanese, Chinese …), Enter picks a candidate. WebKit says so only with the key code,
 * once more after the composition has ended.
 */
export function isComposing(event: KeyboardEvent): boolean {
  // oxlint-disable-next-line typescript/no-deprecated
  return event.isComposing || event.keyCode === 229;
}
