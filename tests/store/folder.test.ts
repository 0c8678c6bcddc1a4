import { chmodSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openStore } from '../../server/store/remote.ts';

const folder = suite('The folder of a room');

folder('is closed to everybody else on this computer, also when it was there before', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'salon-folder-'));
  chmodSync(directory, 0o755);
  const opened = await openStore({ directory, roomName: 'The Kitchen' });
  assert.is(statSync(directory).mode & 0o777, 0o700);
  assert.is(statSync(join(directory, 'room.db')).mode & 0o777, 0o600);
  await opened.close();
  await rm(directory, { recursive: true });
});

folder.run();
