import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, relative, resolve } from 'node:path';

/**
 * Stands between the program and its disk: everything that the engine and the store do to files goes through Node's
 * synchronous functions, and these can be replaced, for the engine's own CommonJS as for the store's imports.
 */

/** One thing that was done below a folder. Paths are relative to it; `''` is the folder itself. */
export type DiskOperation =
  | { kind: 'create' | 'unlink' | 'mkdir' | 'rmdir' | 'fsync'; path: string }
  | { kind: 'rename'; path: string; to: string }
  | { kind: 'write'; path: string; at: number; bytes: Buffer }
  | { kind: 'truncate'; path: string; size: number };

export interface Watcher {
  /** Before it is done. What it throws is what the program gets; a number is how many bytes of a write are done. */
  before?(operation: DiskOperation): number | undefined;
  /** It was done. */
  after?(operation: DiskOperation): void;
}

/** Reports all that is done below `root` from now on. The answer ends it. */
export function watchDisk(root: string, watcher: Watcher): () => void {
  const top = resolve(root);
  const real = { ...fs };
  const open = new Map<number, string>();
  const positions = new Map<number, number>();
  const below = (path: fs.PathLike): string | null => {
    const name = relative(top, resolve(String(path)));
    return name.startsWith('..') ? null : name;
  };
  /** `done` is given how much of a write may be done. */
  const through = <T>(operation: DiskOperation | null, done: (limit?: number) => T): T => {
    if (operation === null) return done();
    const limit = watcher.before?.(operation);
    const result = done(limit);
    watcher.after?.(
      operation.kind === 'write' && limit !== undefined
        ? { ...operation, bytes: operation.bytes.subarray(0, limit) }
        : operation,
    );
    return result;
  };
  const on = <K extends DiskOperation['kind']>(kind: K, path: string | null) =>
    path === null ? null : ({ kind, path } as DiskOperation);

  const openSync = (path: fs.PathLike, flags?: fs.OpenMode, mode?: fs.Mode | null): number => {
    const name = below(path);
    const makes =
      typeof flags === 'number' ? (flags & fs.constants.O_CREAT) !== 0 : /[wa]/.test(flags ?? 'r');
    const isNew = makes && !real.existsSync(path);
    const fd = through(isNew ? on('create', name) : null, () => real.openSync(path, flags ?? 'r', mode));
    if (name !== null) open.set(fd, name);
    positions.set(fd, 0);
    const empties = typeof flags === 'string' && flags.startsWith('w') && !isNew;
    if (empties && name !== null) watcher.after?.({ kind: 'truncate', path: name, size: 0 });
    return fd;
  };
  const writeSync = (
    fd: number,
    data: NodeJS.ArrayBufferView | string,
    ...rest: (number | string | null | undefined)[]
  ): number => {
    const name = open.get(fd) ?? null;
    const [offset, length, position] = rest as [number?, number?, (number | null)?];
    const all = typeof data === 'string' ? Buffer.from(data) : asBuffer(data);
    const from = typeof data === 'string' ? 0 : (offset ?? 0);
    const bytes = Buffer.from(
      all.subarray(from, typeof data === 'string' ? undefined : from + (length ?? all.length)),
    );
    const at = (typeof data === 'string' ? null : position) ?? positions.get(fd) ?? 0;
    const operation: DiskOperation | null = name === null ? null : { kind: 'write', path: name, at, bytes };
    return through(operation, (limit) => {
      const written = real.writeSync(fd, bytes, 0, Math.min(bytes.length, limit ?? bytes.length), at);
      positions.set(fd, at + written);
      return written;
    });
  };
  const replaced = {
    openSync,
    writeSync,
    closeSync: (fd: number) => {
      open.delete(fd);
      real.closeSync(fd);
    },
    ftruncateSync: (fd: number, size = 0) =>
      through(truncation(open.get(fd), size), () => real.ftruncateSync(fd, size)),
    fsyncSync: (fd: number) => through(on('fsync', open.get(fd) ?? null), () => real.fsyncSync(fd)),
    unlinkSync: (path: fs.PathLike) => through(on('unlink', below(path)), () => real.unlinkSync(path)),
    rmdirSync: (path: fs.PathLike) => {
      const isThere = real.existsSync(path);
      return through(isThere ? on('rmdir', below(path)) : null, () => real.rmdirSync(path));
    },
    rmSync: (path: fs.PathLike, options?: fs.RmOptions) => {
      if (!real.existsSync(path)) return real.rmSync(path, options);
      const kind = real.statSync(path).isDirectory() ? 'rmdir' : 'unlink';
      return through(on(kind, below(path)), () => real.rmSync(path, options));
    },
    mkdirSync: (path: fs.PathLike, options?: fs.MakeDirectoryOptions) =>
      through(real.existsSync(path) ? null : on('mkdir', below(path)), () => real.mkdirSync(path, options)),
    renameSync: (path: fs.PathLike, to: fs.PathLike) => {
      const [from, target] = [below(path), below(to)];
      const operation =
        from === null || target === null ? null : ({ kind: 'rename', path: from, to: target } as const);
      return through(operation, () => real.renameSync(path, to));
    },
    copyFileSync: (from: fs.PathLike, to: fs.PathLike, mode?: number) => {
      const name = below(to);
      through(on('create', name), () => real.copyFileSync(from, to, mode));
      if (name !== null) watcher.after?.({ kind: 'write', path: name, at: 0, bytes: real.readFileSync(to) });
    },
    writeFileSync: (
      path: fs.PathLike,
      data: string | NodeJS.ArrayBufferView,
      options?: fs.WriteFileOptions,
    ) => {
      const mode = typeof options === 'object' && options !== null ? options.mode : undefined;
      const fd = openSync(path, 'w', mode);
      try {
        const bytes = typeof data === 'string' ? Buffer.from(data) : asBuffer(data);
        for (let done = 0; done < bytes.length;) {
          const written = writeSync(fd, bytes, done, bytes.length - done, done);
          if (written === 0)
            throw Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC', syscall: 'write' });
          done += written;
        }
      } finally {
        replaced.closeSync(fd);
      }
    },
  };
  Object.assign(fs, replaced);
  syncBuiltinESMExports();
  return () => {
    const names = Object.keys(replaced) as (keyof typeof replaced)[];
    Object.assign(fs, Object.fromEntries(names.map((name) => [name, real[name]])));
    syncBuiltinESMExports();
  };
}

function truncation(path: string | undefined, size: number): DiskOperation | null {
  return path === undefined ? null : { kind: 'truncate', path, size };
}

function asBuffer(view: NodeJS.ArrayBufferView): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}

/** The folder that a path of an operation is in. */
export function parentOf(path: string): string {
  const parent = dirname(path);
  return parent === '.' ? '' : parent;
}
