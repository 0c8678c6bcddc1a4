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

/**
 * Files that were dropped on the window, which the page itself was not shown: through the extension. Null stands for a
 * folder.
 *
 * @throws ControlRefused.
 */
export async function readDropped(
  control: Control,
  dropped: readonly DroppedFile[],
): Promise<(File | null)[]> {
  const files: (File | null)[] = [];
  for (const each of dropped) files.push(each.size === null ? null : await read(control, each, each.size));
  return files;
}

async function read(control: Control, { id, name }: DroppedFile, size: number): Promise<File> {
  // It is left out for its size, whatever is in it.
  if (size > LIMITS.fileBytes) return Object.defineProperty(new File([], name), 'size', { value: size });
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
