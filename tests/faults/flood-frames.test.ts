// time limit: 90 s
// long time limit: 60 s
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ulid } from 'ulid';
import { RawSocket, OPCODE } from '../support/raw-socket.ts';
import { openRoom } from '../support/room.ts';
import { FRAME_CASES } from './rfc6455.ts';
import { report } from './trial.ts';

const frames = suite('A frame that no client should send');

frames('closes its own connection with the right code (G2), and nobody else’s', async () => {
  const log: string[] = [];
  const room = await openRoom({ log: (line) => log.push(line) });
  const ada = await room.join('ada');
  const wrong: string[] = [];
  for (const { what, bytes, closes } of FRAME_CASES) {
    const socket = await RawSocket.connect(room.address);
    socket.stream.write(bytes);
    if (closes === 'stays') {
      socket.send('', { opcode: OPCODE.ping });
      socket.send(
        JSON.stringify({
          t: 'ask',
          id: 7,
          command: 'hello',
          input: { protocol: 1, language: 'en', client: '' },
        }),
      );
      const answer = await socket.json<{ id: number }>(({ t }) => t === 'answer').catch(() => null);
      if (answer?.id !== 7) wrong.push(`${what}: closed`);
    } else {
      const code = await socket.closeCode();
      if (code !== closes) wrong.push(`${what}: ${code} instead of ${closes}`);
    }
    socket.destroy();
  }
  assert.equal(wrong, []);
  assert.ok((await ada.say(ulid(), 'still here')).seq > 0);
  assert.is(ada.caller.closedWith, null);
  assert.equal(log, []);
  report('frames by the table', {
    cases: FRAME_CASES.length,
    'as they should': FRAME_CASES.length - wrong.length,
  });
  await room.close();
});

frames.run();
