import type { ReactiveController, ReactiveControllerHost } from 'lit';

interface Target {
  /** Files may be dropped and pasted now. */
  takes(): boolean;
  dropped(data: DataTransfer): void;
  /** With null the clipboard did not say what is in it. */
  pasted(data: DataTransfer | null): void;
}

/** Files that are dragged over the window, dropped on it or pasted into it, wherever that is. */
export class FileDrop implements ReactiveController {
  /** Something is held over the window. */
  isOver = false;
  readonly #host: ReactiveControllerHost;
  readonly #target: Target;
  readonly #listeners: Record<string, (event: never) => void> = {
    dragenter: (event: DragEvent) => this.#over(event),
    dragover: (event: DragEvent) => this.#over(event),
    dragleave: (event: DragEvent) => {
      // Out of the window, not from one element into another.
      if (event.relatedTarget === null) this.#set(false);
    },
    drop: (event: DragEvent) => this.#drop(event),
    paste: (event: ClipboardEvent) => this.#paste(event),
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
    this.isOver = false;
  }

  #over(event: DragEvent): void {
    if (!hasFiles(event.dataTransfer) || !this.#target.takes()) return;
    event.preventDefault();
    if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy';
    this.#set(true);
  }

  #drop(event: DragEvent): void {
    this.#set(false);
    if (event.dataTransfer === null || !hasFiles(event.dataTransfer) || !this.#target.takes()) return;
    event.preventDefault();
    this.#target.dropped(event.dataTransfer);
  }

  #paste(event: ClipboardEvent): void {
    const { clipboardData } = event;
    const types = clipboardData?.types ?? [];
    // A cell of a spreadsheet brings a picture of itself, and its text is what is meant.
    if (types.includes('text/plain') || !this.#target.takes()) return;
    if (hasFiles(clipboardData)) {
      event.preventDefault();
      this.#target.pasted(clipboardData);
    } else if (types.length === 0) this.#target.pasted(null);
  }

  #set(isOver: boolean): void {
    if (isOver === this.isOver) return;
    this.isOver = isOver;
    this.#host.requestUpdate();
  }
}

function hasFiles(data: DataTransfer | null): boolean {
  return data?.types.includes('Files') === true;
}
