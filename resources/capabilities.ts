/**
 * What this place can do, decided once. A page that came over plain HTTP lacks most of it, some windows lack the rest;
 * whatever is null here is not offered. Nothing else asks the browser for these.
 */
export const capabilities: {
  readonly clipboard: Pick<Clipboard, 'writeText'> | null;
  /** The system's own sheet for passing something on. */
  readonly share: ((data: ShareData) => Promise<void>) | null;
  readonly notifications: typeof Notification | null;
  readonly hasSound: boolean;
  /** Came over HTTPS, or from this very computer. */
  readonly isSecure: boolean;
} = find(globalThis);

/** Puts a text on the clipboard. @throws when there is none, or the browser refuses: select the text instead, and say so. */
export async function copyText(text: string): Promise<void> {
  if (capabilities.clipboard === null) throw new Error('this page has no clipboard');
  await capabilities.clipboard.writeText(text);
}

/** As a page really finds it: the types promise what only a secure page has. */
interface Place {
  isSecureContext?: boolean;
  Notification?: typeof Notification;
  AudioContext?: unknown;
  navigator?: { userAgent?: string; clipboard?: Clipboard; share?: (data: ShareData) => Promise<void> };
}

function find({ isSecureContext = false, Notification, AudioContext, navigator = {} }: Place) {
  return {
    clipboard: navigator.clipboard ?? null,
    share: navigator.share?.bind(navigator) ?? null,
    // Chromium shows the class to plain pages too, and on Android to all, and never lets them use it.
    notifications:
      isSecureContext && !/Android/.test(navigator.userAgent ?? '') ? (Notification ?? null) : null,
    hasSound: AudioContext !== undefined,
    isSecure: isSecureContext,
  };
}

/**
 * The picture in the clipboard, or null: WebKitGTK tells of no files when a bitmap is pasted, but lets it be read in that
 * very moment. @throws where there is no clipboard to read, or it may not be.
 */
export async function readPicture(): Promise<Blob | null> {
  for (const item of await navigator.clipboard.read())
    if (item.types.includes('image/png')) return item.getType('image/png');
  return null;
}
