import { DirectoryInUse } from '../../server/store/failures.ts';
import { SalonError } from '../../server/protocol/errors.ts';
import { openStore } from '../../server/store/remote.ts';
import type { PostedMessage } from '../../server/store/records.ts';

/** A host in a process of its own, to be killed. Posts what it is told and acknowledges when the store did. */

export type FromHost =
  | { type: 'ready' }
  | { type: 'refused'; pid: number | null; name: string }
  | { type: 'posted'; id: string; seq: number }
  | { type: 'failed'; id: string; code: string };

const tell = (message: FromHost) => process.send?.(message);

try {
  const { store } = await openStore({ directory: process.argv[2] ?? '', roomName: 'Kitchen' });
  process.on('message', (message: PostedMessage) => {
    store.post(message).then(
      ({ seq }) => tell({ type: 'posted', id: message.id, seq }),
      (error: unknown) => {
        tell({
          type: 'failed',
          id: message.id,
          code: error instanceof SalonError ? error.code : String(error),
        });
      },
    );
  });
  tell({ type: 'ready' });
} catch (error) {
  const pid = error instanceof DirectoryInUse ? error.pid : null;
  tell({ type: 'refused', pid, name: error instanceof Error ? error.name : String(error) });
  process.disconnect();
}
