import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { FILE_PART_BYTES, type DroppedFile } from '../../server/protocol/control.ts';

/** So many that were dropped are remembered, the latest. */
const MOST = 100;

/**
 * What was dropped on the window where its engine shows the page nothing of it (WebKit on Linux). The page gets numbers,
 * no paths, and reads nothing but this.
 */
export class Dropped {
  readonly #paths = new Map<number, string>();
  #last = 0;

  /** What is no file and no folder is left out. */
  async take(paths: readonly string[]): Promise<DroppedFile[]> {
    const taken: DroppedFile[] = [];
    for (const path of paths.slice(0, MOST)) {
      const found = await stat(path).catch(() => null);
      if (found?.isFile() !== true && found?.isDirectory() !== true) continue;
      const id = (this.#last += 1);
      this.#paths.set(id, path);
      this.#paths.delete(id - MOST);
      taken.push({ id, name: basename(path), size: found.isFile() ? found.size : null });
    }
    return taken;
  }

  /** From `offset` on; empty at the end. @throws when it is not one of those, or cannot be read. */
  async read(id: number, offset: number): Promise<Buffer> {
    const path = this.#paths.get(id);
    if (path === undefined) throw new Error(`nothing was dropped as ${id}`);
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(
        Buffer.alloc(FILE_PART_BYTES),
        0,
        FILE_PART_BYTES,
        offset,
      );
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }
}
