import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  formatCode,
  makeCode,
  RECOVERY_CODE_LETTERS,
  RESET_CODE_LETTERS,
} from '../../../server/client/codes.ts';
import { fromBase64url } from '../../../server/protocol/base64url.ts';
import { makeCodeCredential, makeCredential, prove } from '../../../server/client/signing-in.ts';
import { openRoom, PASSWORD, quickStretch, type Caller } from '../../support/room.ts';
import { Wire } from '../wire.ts';

const secrets = suite('The secrets of members');

secrets('are in no file and in no line that the host writes, nor in any frame on the way there', async () => {
  const lines: string[] = [];
  const room = await openRoom({ log: (text) => lines.push(text) });
  const ada = await room.join('ada');
  const grace = await room.join('grace');
  const resetCode = makeCode(RESET_CODE_LETTERS);
  const newCode = makeCode(RECOVERY_CODE_LETTERS);
  const caller = await room.knock();
  const sent: string[] = [];
  const asking = {
    ask: ((command, input) => {
      sent.push(JSON.stringify(input));
      return caller.ask(command, input);
    }) as Caller['ask'],
  };
  await ada.caller.ask('resetCode.create', { memberId: grace.memberId, code: makeCodeCredential(resetCode) });
  await prove(
    asking,
    { purpose: 'reset', username: 'grace', secret: resetCode, device: '' },
    quickStretch,
    caller.binding,
  );
  const password = await makeCredential('another-password', quickStretch);
  const { token } = await asking.ask('password.reset', {
    password,
    recovery: makeCodeCredential(newCode),
    device: '',
  });
  await prove(
    asking,
    { purpose: 'signIn', username: 'grace', secret: 'another-password', device: '' },
    quickStretch,
    caller.binding,
  );

  const texts = [
    PASSWORD,
    'another-password',
    ada.recoveryCode,
    grace.recoveryCode,
    newCode,
    resetCode,
    token,
    ada.token,
  ];
  const formatted = [newCode, resetCode].map(formatCode);
  const bytes = [token, ada.token].map((text) => Buffer.from(fromBase64url(text)));
  const needles = [...[...texts, ...formatted].map((text) => Buffer.from(text)), ...bytes];
  const written = () => [
    ...filesUnder(room.directory).map((path) => readFileSync(path)),
    Buffer.from(lines.join('\n')),
    Buffer.from(sent.filter((text) => !text.includes('"token"')).join('\n')),
  ];
  // The journal of the database holds what the closed file may not.
  const found = () => needles.filter((needle) => written().some((file) => file.includes(needle))).map(String);
  assert.equal(found(), []);
  await room.host.close();
  assert.equal(found(), []);
  // The search itself works.
  assert.ok(written().some((file) => file.includes('grace')));
  await room.close();
});

secrets('beside the database are readable by nobody else on this computer', async () => {
  const room = await openRoom();
  const modes = ['secret.key', 'room.db'].map((name) => statSync(join(room.directory, name)).mode & 0o777);
  const folder = statSync(room.directory).mode & 0o777;
  assert.is(modes[0], 0o600);
  assert.ok(
    modes[1] === 0o600 || folder === 0o700,
    `room.db ${modes[1]!.toString(8)}, folder ${folder.toString(8)}`,
  );
  await room.close();
});

secrets(
  'that were overheard as frames open nothing when they are played back on another connection',
  async () => {
    const room = await openRoom();
    const ada = await room.join('ada');
    const frames: string[] = [];
    const caller = await room.knock();
    const asking = {
      ask: ((command, input) => {
        frames.push(JSON.stringify({ t: 'ask', id: frames.length + 10, command, input }));
        return caller.ask(command, input);
      }) as Caller['ask'],
    };
    await prove(
      asking,
      { purpose: 'signIn', username: 'ada', secret: PASSWORD, device: '' },
      quickStretch,
      caller.binding,
    );
    await prove(
      asking,
      { purpose: 'reauth', username: 'ada', secret: PASSWORD, device: '' },
      quickStretch,
      caller.binding,
    );
    await asking.ask('password.change', { password: await makeCredential(PASSWORD, quickStretch) });

    const thief = await Wire.greet(room.address);
    for (const frame of frames) {
      const answer = await thief.saying(frame);
      assert.not.ok(JSON.stringify(answer).includes('token'));
    }
    const codes = thief.heard.filter(({ t }) => t === 'refused').map(({ code }) => code);
    assert.equal(codes, ['BAD_LOGIN', 'NOT_SIGNED_IN', 'BAD_LOGIN', 'NOT_SIGNED_IN']);
    assert.is((await thief.ask('room.enter', {})).code, 'NOT_SIGNED_IN');
    thief.close();
    assert.ok((await (await room.knock()).signIn('ada')).memberId === ada.memberId);
    await room.close();
  },
);

function filesUnder(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

secrets.run();
