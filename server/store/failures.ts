/** What can go wrong beneath the store. The first is met while running, the others only at opening. */

const DAMAGED = /not a database|disk image is malformed|malformed database schema|unsupported file format/;

/** The engine could not do it. It gives no codes: the message is all there is. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  /** The value was at fault, not the disk: trying again cannot help. */
  readonly unstorable: boolean;

  constructor(
    message: string,
    { cause, unstorable = false }: { cause?: unknown; unstorable?: boolean } = {},
  ) {
    super(message, { cause });
    this.unstorable = unstorable;
  }

  /** The engine itself broke down, or the file is damaged: nothing it says can be trusted any more. */
  get fatal(): boolean {
    return this.cause instanceof WebAssembly.RuntimeError || DAMAGED.test(this.message);
  }
}

/** Another host runs on this folder. */
export class DirectoryInUse extends Error {
  override readonly name = 'DirectoryInUse';
  readonly directory: string;
  /** The other host's process, when known. */
  readonly pid: number | null;

  constructor(directory: string, pid: number | null) {
    super(`another host${pid === null ? '' : ` (process ${pid})`} uses ${directory}`);
    this.directory = directory;
    this.pid = pid;
  }
}

/** The room was last opened by a newer Salon, whose tables this one does not know. */
export class NewerDatabase extends Error {
  override readonly name = 'NewerDatabase';
}

/** The room's file cannot be trusted. Nothing was changed in it. */
export class DamagedDatabase extends Error {
  override readonly name = 'DamagedDatabase';
}

/** Another program stopped in the middle of writing in the room, and only such a one can finish. Nothing was changed. */
export class UnfinishedWriting extends Error {
  override readonly name = 'UnfinishedWriting';
}

/** The folder cannot be made, read or written, or its disk is full. */
export class UnwritableDirectory extends Error {
  override readonly name = 'UnwritableDirectory';
}

const OPENING_FAILURES = { NewerDatabase, DamagedDatabase, UnfinishedWriting, UnwritableDirectory };
type OpeningFailureName = keyof typeof OPENING_FAILURES;

/** An error as it crosses a thread, where only plain data arrives whole. */
export interface PlainError {
  name: string;
  message: string;
}

export function plainError(error: unknown): PlainError {
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: 'Error', message: String(error) };
}

/** The other way: an error of its own class again. */
export function openingFailure({ name, message }: PlainError): Error {
  const known = (Object.keys(OPENING_FAILURES) as OpeningFailureName[]).find(
    (candidate) => candidate === name,
  );
  return known === undefined ? new StorageError(message) : new OPENING_FAILURES[known](message);
}

/** What the engine's or the system's refusal at opening means for whoever opens. */
export function explainOpening(error: unknown): Error {
  if (!(error instanceof Error)) return new StorageError(String(error));
  const { message } = error;
  if (DAMAGED.test(message)) {
    return new DamagedDatabase(message, { cause: error });
  }
  const system = 'syscall' in error;
  if (system || /disk I\/O|unable to open|could not open|readonly|disk is full/i.test(message)) {
    return new UnwritableDirectory(message, { cause: error });
  }
  return error;
}
