import { fromBase64url } from '../../server/protocol/base64url.ts';
import type { DroppedFile } from '../../server/protocol/control.ts';
import { LIMITS, type PictureType } from '../../server/protocol/entities.ts';
import type { Control } from './ports.ts';
import { ControlRefused } from './problem.ts';

/** Browsers tell a file's type by its name; the host looks at the bytes. */
const PICTURES: Record<string, PictureType> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
};

export interface FilesRead {
  /** Null stands for a folder. */
  files: (File | null)[];
  /** More than may be taken: the rest is not among them. */
  areTooMany: boolean;
  /** False when one could not be read. */
  areAllRead: boolean;
}

/**
 * Files that were dropped on the window, which the page itself was not shown: through the extension.
 *
 * @param most - of them are read. Of one that is too large anyway, name and size are there, and no bytes.
 */
export async function readDropped(
  control: Control,
  dropped: readonly DroppedFile[],
  most: number,
): Promise<FilesRead> {
  const files: (File | null)[] = [];
  let [left, areTooMany, areAllRead] = [most, false, true];
  for (const { id, name, size } of dropped) {
    if (size === null) files.push(null);
    else if (size > LIMITS.fileBytes) files.push(unread(name, size));
    else if (left <= 0) areTooMany = true;
    else {
      const file = await read(control, { id, name, size }).catch(() => null);
      if (file === null) areAllRead = false;
      else files.push(file);
      left -= 1;
    }
  }
  return { files, areTooMany, areAllRead };
}

function unread(name: string, size: number): File {
  return Object.defineProperty(new File([], name), 'size', { value: size });
}

/** @throws ControlRefused. */
async function read(control: Control, { id, name, size }: DroppedFile & { size: number }): Promise<File> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < size;) {
    const part = fromBase64url((await control.ask('dropped.read', { id, offset: at })).data);
    // It became shorter meanwhile.
    if (part.length === 0) throw new ControlRefused('NOT_READ');
    parts.push(part);
    at += part.length;
  }
  const type = PICTURES[/\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? ''];
  return new File(parts, name, type === undefined ? {} : { type });
}
