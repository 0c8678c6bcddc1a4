import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { FilesGivenEvent, FilesTaker } from '../events/files.ts';

interface Target {
  /** Files may be dropped and pasted now. */
  takes(): boolean;
  dropped(data: DataTransfer): void;
  given(): FilesTaker;
  /** With null the clipboard did not say what is in it. */
  pasted(data: DataTransfer | null): void;
}

/** While something is held over the window, browsers say so every 350 ms at the least. That it has left, not all of them say rightly. */
const GONE_MS = 500;
/** Addresses, one a line. */
const LIST = 'text/uri-list';

/** Files that are dragged over the window, dropped on it or pasted into it, wherever that is. */
export class FileDrop implements ReactiveController {
  /** Something is held over the window. */
  isOver = false;
  readonly #host: ReactiveControllerHost;
  readonly #target: Target;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners: Record<string, (event: never) => void> = {
    dragenter: (event: DragEvent) => this.#over(event),
    dragover: (event: DragEvent) => this.#over(event),
    drop: (event: DragEvent) => this.#drop(event),
    paste: (event: ClipboardEvent) => this.#paste(event),
    'files-given': (event: FilesGivenEvent) => this.#given(event),
  };

  constructor(host: ReactiveControllerHost, target: Target) {
    this.#host = host;
    this.#target = target;
    host.addController(this);
  }

  // Before whoever refuses what nobody took.
  hostConnected(): void {
    for (const [type, hear] of Object.entries(this.#listeners))
      addEventListener(type, hear as EventListener, { capture: true });
  }

  hostDisconnected(): void {
    for (const [type, hear] of Object.entries(this.#listeners))
      removeEventListener(type, hear as EventListener, { capture: true });
    clearTimeout(this.#timer);
    this.isOver = false;
  }

  #over(event: DragEvent): void {
    if (!hasFiles(event.dataTransfer) || !this.#target.takes()) return;
    event.preventDefault();
    if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy';
    this.#set(true);
    this.#timer = setTimeout(() => this.#set(false), GONE_MS);
  }

  #drop(event: DragEvent): void {
    this.#set(false);
    if (event.dataTransfer === null || !hasFiles(event.dataTransfer) || !this.#target.takes()) return;
    event.preventDefault();
    this.#target.dropped(event.dataTransfer);
  }

  #given(event: FilesGivenEvent): void {
    if (this.#target.takes()) event.taker ??= this.#target.given();
  }

  #paste(event: ClipboardEvent): void {
    const { clipboardData } = event;
    const types = clipboardData?.types ?? [];
    if (isText(clipboardData) || !this.#target.takes()) return;
    if (hasFiles(clipboardData)) {
      event.preventDefault();
      this.#target.pasted(clipboardData);
    } else if (types.length === 0) this.#target.pasted(null);
  }

  #set(isOver: boolean): void {
    clearTimeout(this.#timer);
    if (isOver === this.isOver) return;
    this.isOver = isOver;
    this.#host.requestUpdate();
  }
}

/** A cell of a spreadsheet, or a line of a page, brings a picture of itself; a file brings its name. */
export function isText(data: DataTransfer | null): boolean {
  const types = data?.types ?? [];
  return (
    types.includes('text/plain') &&
    (types.includes('text/html') || types.includes('text/rtf') || !hasFiles(data))
  );
}

/** A dialog has the page to itself: what is dropped beside it would go where nobody looks. */
export function isModalOpen(): boolean {
  for (
    let active = document.activeElement;
    active !== null;
    active = active.shadowRoot?.activeElement ?? null
  )
    if (active.closest('dialog:modal') !== null) return true;
  return false;
}

export function hasFiles(data: DataTransfer | null): boolean {
  return data?.types.includes('Files') === true;
}

/**
 * WebKit on Linux (2.50.6) keeps files to itself: it tells of the list of their addresses, and shows an empty one. Only
 * known when they have been dropped or pasted.
 */
export function hidesFiles(data: DataTransfer | null): boolean {
  return isList(data) && !hasFiles(data) && data?.getData(LIST) === '';
}

/** Files or links, which a browser would open in the page's place. */
export function wouldReplacePage(data: DataTransfer | null): boolean {
  return hasFiles(data) || isList(data);
}

function isList(data: DataTransfer | null): boolean {
  return data?.types.includes(LIST) === true;
}
