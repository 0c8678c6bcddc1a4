/** Whoever gets files, once they have been read. */
export interface FilesTaker {
  /** So many need to be read. */
  most: number;
  /** Null stands for a folder. */
  take(files: readonly (File | null)[], areTooMany: boolean): void;
}

/** Files were dropped on the window, and come by another way than the browser's. Who takes them says so at once. */
export class FilesGivenEvent extends Event {
  taker: FilesTaker | null = null;

  constructor() {
    super('files-given');
  }
}

declare global {
  interface WindowEventMap {
    'files-given': FilesGivenEvent;
  }
}
