import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, realpathSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { explainOpening } from './failures.ts';

export type Free = () => Promise<void>;

/**
 * A lock on a folder that the system frees with its process, however that ends.
 *
 * @param directory - that is there, in whatever spelling.
 * @param use - what for: each use has a lock of its own.
 * @returns what frees it again, or null when another process has it.
 * @throws UnwritableDirectory.
 */
export function takeLock(directory: string, use: 'host' | 'app'): Promise<Free | null> {
  const prefix = use === 'host' ? 'salon' : `salon-${use}`;
  const name = `${prefix}-${folderDigest(directory)}`;
  // An abstract socket and a named pipe have no file: they end with their process.
  if (process.platform === 'linux') return listen(`\0${name}`);
  if (process.platform === 'win32') return listen(`\\\\.\\pipe\\${name}`);
  return Promise.resolve(lockFile(join(directory, `${use}.lock`)));
}

/**
 * The same for all spellings of a folder's path. Windows does not tell capitals from small letters, and only it knows which
 * there are: Node's own `realpathSync` leaves them as they were typed.
 *
 * @param realPath - asks the system.
 * @returns in hexadecimal.
 */
export function folderDigest(directory: string, realPath = systemsPath): string {
  return createHash('sha256').update(realPath(directory)).digest('hex');
}

function systemsPath(directory: string): string {
  try {
    return realpathSync.native(directory);
  } catch {
    // Windows does not say it of some disks that are made by programs.
    return process.platform === 'win32' ? directory.toLowerCase() : directory;
  }
}

function listen(path: string): Promise<Free | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.unref();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(null);
      else reject(explainOpening(error));
    });
    // Exclusive, because a process under node:cluster would otherwise share its siblings' socket.
    server.listen({ path, exclusive: true }, () => {
      resolve(() => new Promise((closed) => server.close(() => closed())));
    });
  });
}

/** O_EXLOCK of macOS and the BSDs, which Node has no name for: opening also takes the lock. */
const O_EXLOCK = 0x20;

function lockFile(path: string): Free | null {
  try {
    const file = openSync(
      path,
      constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | O_EXLOCK,
      0o600,
    );
    return () => {
      closeSync(file);
      return Promise.resolve();
    };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return null;
    throw explainOpening(error);
  }
}
