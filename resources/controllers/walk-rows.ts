/** ↑ and ↓ go from row to row of a list, by the one main button of each. */
export function walkRows(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('li > .button')];
  const row = event.target instanceof Element ? event.target.closest('li') : null;
  const from = buttons.findIndex((button) => button.parentElement === row);
  event.preventDefault();
  buttons[from + step]?.focus();
}
