/** Somebody has this page before them, as far as a page can know. */
export function isLookedAt(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
}
