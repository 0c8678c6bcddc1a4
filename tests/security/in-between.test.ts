// time limit: 120 s
// Somebody stands between a client and the room: listens, changes bytes, or answers in the room's place (T1, T2, T24).
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ulid } from 'ulid';
import { Connection, type RoomSocket } from '../../server/client/connection.ts';
import { prove } from '../../server/client/signing-in.ts';
import { spokenProof } from '../../server/client/spoken.ts';
import { dial, DialFailed, type Dialled } from '../../server/dial.ts';
import { fromBase64url, toBase64url } from '../../server/protocol/base64url.ts';
import { PROTOCOL_VERSION } from '../../server/protocol/entities.ts';
import { spokenSecret } from '../../server/protocol/invite.ts';
import { Impersonator } from '../support/impersonator.ts';
import { TcpRelay } from '../support/relay.ts';
import { openRoom, PASSWORD, quickStretch, refusal, signUpInput } from '../support/room.ts';

const nothing = () => undefined;

/** A connection over what was dialled, with hello said. */
async function greet({ socket }: Dialled, heard: (text: string) => void = nothing): Promise<Connection> {
  socket.on('message', (data: Buffer) => heard(data.toString()));
  const connection = new Connection(socket as unknown as RoomSocket, {
    opened: nothing,
    event: nothing,
    signal: nothing,
    goodbye: nothing,
    closed: nothing,
  });
  await connection.ask('hello', { protocol: PROTOCOL_VERSION, language: 'en', client: 'tests' });
  return connection;
}

const between = suite('Somebody in between');

between('who listens hears no name, no word, no key and no token', async () => {
  const room = await openRoom({ name: 'The Lighthouse' });
  const relay = await TcpRelay.open(room.host.port);
  const dialled = await dial(relay.address, { fingerprint: room.host.fingerprint });
  const said: string[] = [];
  const ada = await greet(dialled, (text) => said.push(text));
  const input = await signUpInput('adalovelace', 'A'.repeat(25));
  const { token } = await ada.ask('account.signUp', { ...input, ownerCode: room.host.ownerCode() ?? '' });
  const { conversations } = await ada.ask('room.enter', {});
  const lobby = conversations[0]?.id ?? '';
  await ada.ask('message.post', {
    id: ulid(),
    conversationId: lobby,
    body: 'the treasure is under the stairs',
  });
  await ada.ask('account.signOut', {});
  await prove(
    ada,
    { purpose: 'signIn', username: 'adalovelace', secret: PASSWORD, device: 'tests' },
    quickStretch,
    fromBase64url(dialled.binding),
  );

  assert.ok(said.join('').includes('treasure'), 'it was really said');
  const wire = relay.bytes.toString('latin1');
  assert.ok(wire.length > 5_000, 'and it really went over this wire');
  for (const secret of [
    ...[
      'treasure',
      'stairs',
      'adalovelace',
      'Lovelace',
      'Lighthouse',
      'message.post',
      'hello',
      '"t":"',
      'HTTP/1.1',
      'Sec-WebSocket',
    ],
    ...[token, lobby, input.password.storedKey, input.password.salt, room.host.fingerprint, PASSWORD],
  ]) {
    assert.not.ok(wire.includes(secret), secret);
    const bytes = /^[\w-]{22,}$/.test(secret) ? Buffer.from(secret, 'base64url').toString('latin1') : secret;
    assert.not.ok(wire.includes(bytes), `${secret}, as bytes`);
  }
  dialled.socket.terminate();
  await relay.close();
  await room.close();
});

between(
  'who changes a single byte, anywhere, ends the connection, and nothing changed is ever heard',
  async () => {
    const room = await openRoom();
    const ada = await room.join('ada');
    const relay = await TcpRelay.open(room.host.port);
    // Before the handshake ends, in the middle of it, and at many places of what follows.
    for (let at = 0; at < 6_000; at += 211) {
      for (const from of ['client', 'host'] as const) {
        let passed = 0;
        relay.change = (bytes, who) => {
          if (who !== from) return bytes;
          const where = at - passed;
          passed += bytes.length;
          if (where < 0 || where >= bytes.length) return bytes;
          const changed = Buffer.from(bytes);
          changed[where] = (changed[where] ?? 0) ^ 1;
          return changed;
        };
        const heard: string[] = [];
        let dialled: Dialled | null = null;
        try {
          dialled = await dial(relay.address, { fingerprint: room.host.fingerprint }, { timeoutMs: 3_000 });
          const connection = await greet(dialled, (text) => heard.push(text));
          await connection.ask('session.resume', { token: ada.token });
          for (let i = 0; i < 20; i += 1) await connection.ask('room.enter', {});
        } catch {
          // It broke, as it must if the byte was reached.
        }
        dialled?.socket.terminate();
        for (const text of heard)
          assert.ok(isWhole(text), `changed at ${at} from ${from}: ${text.slice(0, 80)}`);
      }
    }
    assert.is(
      (await ada.caller.ask('session.list', {})).sessions.length,
      1,
      'the room is well, and nobody came in twice',
    );
    await relay.close();
    await room.close();
  },
);

between('who answers with a key of their own is refused before a single byte is said', async () => {
  const room = await openRoom();
  const impersonator = await Impersonator.open(room.host.port);
  for (let i = 0; i < 200; i += 1) {
    try {
      const { socket } = await dial(impersonator.address, { fingerprint: room.host.fingerprint });
      socket.terminate();
      assert.unreachable('was accepted');
    } catch (error) {
      assert.instance(error, DialFailed);
      assert.is((error as DialFailed).found, 'wrongKey');
      assert.is((error as DialFailed).foundFingerprint, impersonator.fingerprint);
    }
  }
  assert.is(impersonator.handshakes, 200, 'each came as far as the handshake');
  assert.is(impersonator.bytes.length, 0, 'and not one byte further');
  await impersonator.close();
  await room.close();
});

between('who is trusted by mistake still cannot use a proof: it is tied to the channel', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  const impersonator = await Impersonator.open(room.host.port);
  // Somebody at the first meeting, who looked at nothing.
  const dialled = await dial(impersonator.address, { fingerprint: null });
  const connection = await greet(dialled);
  const claim = { purpose: 'signIn', username: 'ada', secret: PASSWORD, device: 'tests' } as const;
  assert.is(
    await refusal(prove(connection, claim, quickStretch, fromBase64url(dialled.binding))),
    'BAD_LOGIN',
  );
  // Nor can they have it made without the tie.
  assert.is(await refusal(prove(connection, claim, quickStretch, null)), 'NOT_BOUND');
  impersonator.change = (bytes) => bytes;
  dialled.socket.terminate();

  const straight = await dial(room.address, { fingerprint: room.host.fingerprint });
  const { signedIn } = await prove(
    await greet(straight),
    claim,
    quickStretch,
    fromBase64url(straight.binding),
  );
  assert.is(signedIn?.memberId, ada.memberId, 'the same proof on the room’s own channel is good');
  straight.socket.terminate();
  await impersonator.close();
  await room.close();
});

between(
  'who does not know the short form of a code cannot answer for the room, nor use what they hear',
  async () => {
    const room = await openRoom();
    const ada = await room.join('ada');
    const { spoken } = await ada.caller.ask('invite.create', {
      role: 'member',
      expiresInMs: 60_000,
      uses: 1,
    });
    const secret = spokenSecret(spoken.replaceAll('-', ''));
    const impersonator = await Impersonator.open(room.host.port);
    const dialled = await dial(impersonator.address, { fingerprint: null });
    const connection = await greet(dialled);
    const binding = fromBase64url(dialled.binding);
    const mine = toBase64url(spokenProof(secret, 'client', binding));
    assert.is(await refusal(connection.ask('invite.prove', { proof: mine })), 'INVITE_UNKNOWN');
    dialled.socket.terminate();

    const straight = await dial(room.address, { fingerprint: null });
    const told = await (
      await greet(straight)
    ).ask('invite.prove', {
      proof: toBase64url(spokenProof(secret, 'client', fromBase64url(straight.binding))),
    });
    assert.is(told.proof, toBase64url(spokenProof(secret, 'host', fromBase64url(straight.binding))));
    assert.is.not(told.proof, toBase64url(spokenProof(secret, 'host', binding)));
    straight.socket.terminate();
    await impersonator.close();
    await room.close();
  },
);

between('who recorded everything and plays it again gets nothing', async () => {
  const room = await openRoom();
  const relay = await TcpRelay.open(room.host.port);
  const said: Buffer[] = [];
  relay.change = (bytes, from) => {
    if (from === 'client') said.push(bytes);
    return bytes;
  };
  const dialled = await dial(relay.address, { fingerprint: room.host.fingerprint });
  const connection = await greet(dialled);
  const input = await signUpInput('ada', 'A'.repeat(25));
  await connection.ask('account.signUp', { ...input, ownerCode: room.host.ownerCode() ?? '' });
  const { conversations } = await connection.ask('room.enter', {});
  const lobby = conversations[0]?.id ?? '';
  await connection.ask('message.post', { id: ulid(), conversationId: lobby, body: 'once' });
  dialled.socket.terminate();

  const again = await TcpRelay.open(room.host.port);
  const { connect } = await import('node:net');
  const socket = connect(again.port, '127.0.0.1');
  socket.on('error', nothing).resume();
  for (const bytes of said) socket.write(bytes);
  await new Promise((resolve) => socket.on('close', resolve));
  const grace = await room.join('grace');
  const { events } = await grace.caller.ask('history.page', { conversationId: lobby, after: 0, limit: 200 });
  assert.is(events.filter(({ type }) => type === 'message.posted').length, 1);
  await relay.close();
  await again.close();
  await room.close();
});

/** A frame that makes sense from its first letter to its last. */
function isWhole(text: string): boolean {
  try {
    return typeof (JSON.parse(text) as { t?: unknown }).t === 'string';
  } catch {
    return false;
  }
}

between.run();
