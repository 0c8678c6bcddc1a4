import { copyText } from '../capabilities.ts';
import { SaveTextEvent } from '../events/door.ts';

/**
 * Copies a text, or, where there is no clipboard or the browser refuses, selects the element that shows it: the
 * person's own keys still work.
 */
export async function copyOrSelect(text: string, shown: Element | null): Promise<'copied' | 'selected'> {
  try {
    await copyText(text);
    return 'copied';
  } catch {
    if (shown instanceof HTMLInputElement) shown.select();
    else if (shown !== null) getSelection()?.selectAllChildren(shown);
    return 'selected';
  }
}

/** Saves a text as a file: by whoever can do better, or as a browser's download. False when somebody else does it. */
export function saveText(from: EventTarget, fileName: string, text: string): boolean {
  // No file system takes all of these.
  const safeName = fileName.replace(/[\\/:*?"<>|\p{Cc}]/gu, '_');
  if (!from.dispatchEvent(new SaveTextEvent(safeName, text))) return false;
  saveBlob(new Blob([text], { type: 'text/plain' }), safeName);
  return true;
}

/** As a browser's download. */
export function saveBlob(blob: Blob, fileName: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = fileName;
  link.click();
  // Some browsers ask first where it is to go.
  setTimeout(() => URL.revokeObjectURL(link.href), 5 * 60_000);
}
