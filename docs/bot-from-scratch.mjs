// An example bot for Salon: it answers !time in the lobby and greets whoever joins.
//
//   node docs/bot-from-scratch.mjs ADDRESS FINGERPRINT USERNAME PASSWORD
//   for example: node docs/bot-from-scratch.mjs 192.168.1.24:4870 qzSsIEUlXiIjgi93MfI_vs2bka0YJv-q52_XQ6vCdqk clock …
//
// It needs an account in the room and the npm package ws, and nothing of Salon: it was written from
// server/protocol/PROTOCOL.md alone, whose rules stand in brackets.
import { createHash, createHmac, randomBytes, scryptSync } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { connect } from 'node:tls';
import { WebSocket } from 'ws';

const [address, fingerprint, username = '', password = ''] = process.argv.slice(2);
let token = ''; // of our session, to come back without the password [S2]
let epoch = ''; // which log of the lobby we know [L8]
let done = 0; // up to which number of it everything has been answered [L3]

function replyTo(event) {
  if (event.type === 'member.joined') return `Welcome, ${event.member.firstName}!`;
  if (event.type === 'message.posted' && event.body === '!time')
    return `It is ${new Date(event.at).toTimeString()}`;
  return null;
}

// Whatever breaks, it comes back [G4].
for (let tries = 0; ; tries++) {
  let channel;
  try {
    channel = await openChannel();
    const socket = new WebSocket('ws://salon/socket', 'salon.v1', { createConnection: () => channel }); // [W2, W3]
    await visit(connection(socket), channel, () => (tries = 0));
  } catch (error) {
    channel?.destroy();
    process.stderr.write(`${error.message}\n`);
    if (error.code === 'BAD_LOGIN') process.exit(1);
    if (error.code === 'SESSION_ENDED') token = '';
    await wait(Math.random() * Math.min(15_000, 250 * 2 ** tries));
  }
}

/** Encrypted, to the key that we know and to no other [W1, W1a]. */
async function openChannel() {
  const [, host, port] = /^\[?(.+?)\]?:(\d+)$/.exec(address) ?? [];
  const options = { minVersion: 'TLSv1.3', rejectUnauthorized: false, ALPNProtocols: ['salon'] };
  const channel = connect({ host, port: Number(port), ...options });
  await once(channel, 'secureConnect');
  channel.on('error', () => {}); // a close follows
  const { publicKey } = channel.getPeerX509Certificate();
  if (sha256(publicKey.export({ type: 'spki', format: 'der' })).toString('base64url') === fingerprint)
    return channel;
  channel.destroy();
  throw new Error('This is not the room that we know');
}

/** Comes in, and answers what is new in the lobby until the connection is lost. */
async function visit({ opened, ask, news }, channel, entered) {
  await opened;
  await ask('hello', { protocol: 1, language: 'en', client: 'bot.mjs' });
  if (token === '') token = await signIn(ask, channel);
  else await ask('session.resume', { token });
  const room = await ask('room.enter');
  const lobby = room.conversations.find(({ kind }) => kind === 'lobby');
  // What was said before we first came is not for us.
  if (room.epoch !== epoch) [epoch, done] = [room.epoch, lobby.head];
  entered();
  process.stdout.write(`In ${room.room.name}, from number ${done} on\n`);

  for (;;) {
    // Live or missed: everything is taken from the log, in order and once [L4, L7].
    const { events, head } = await ask('history.page', { conversationId: lobby.id, after: done, limit: 200 });
    for (const event of events) {
      const body = event.authorId === room.me ? null : replyTo(event);
      // Answered again because the connection broke in between, it is posted once [M3].
      if (body !== null) await ask('message.post', { id: idFor(event), conversationId: lobby.id, body });
      done = event.seq;
    }
    if (done >= head) await news(lobby.id, done);
  }
}

/** Asks and hears. Whatever is awaited fails when the connection is lost. */
function connection(socket) {
  const waiting = new Map(); // by the number of the ask, and under 'news'
  const latest = new Map(); // the last number heard of each conversation
  let lastId = 0;
  let silence;

  async function ask(command, input = {}) {
    const id = ++lastId;
    socket.send(JSON.stringify({ t: 'ask', id, command, input })); // [W6]
    const reply = await until(id);
    if (reply.t === 'answer') return reply.result;
    if (!reply.retry) throw Object.assign(new Error(reply.text), { code: reply.code });
    await wait(reply.retryMs ?? 1_000); // [N2]
    return ask(command, input);
  }

  async function news(conversationId, seq) {
    while ((latest.get(conversationId) ?? 0) <= seq) await until('news');
  }

  function until(key) {
    if (socket.readyState !== WebSocket.OPEN) throw new Error('The connection was lost');
    return new Promise((resolve, reject) => waiting.set(key, { resolve, reject }));
  }

  function heard() {
    clearTimeout(silence);
    silence = setTimeout(() => socket.terminate(), 35_000); // [W9]
  }

  heard();
  socket.on('ping', heard);
  socket.on('message', (data) => {
    heard();
    const frame = JSON.parse(data); // [W7]
    if (frame.t === 'event') latest.set(frame.event.conversationId, frame.event.seq);
    if (frame.t === 'signal') for (const [id, head] of frame.signal.heads ?? []) latest.set(id, head); // [L6]
    const key = frame.t === 'answer' || frame.t === 'refused' ? frame.id : 'news';
    waiting.get(key)?.resolve(frame);
    waiting.delete(key);
  });
  socket.on('error', () => {}); // a close follows
  socket.on('close', (code) => {
    clearTimeout(silence);
    for (const { reject } of waiting.values()) reject(new Error(`The connection was lost (${code})`));
  });
  return { opened: once(socket, 'open'), ask, news };
}

/** Proves the password without telling it [A4–A12]. */
async function signIn(ask, channel) {
  const clientNonce = randomBytes(24);
  const wish = {
    purpose: 'signIn',
    username,
    clientNonce: clientNonce.toString('base64url'),
    binding: 'tls-exporter',
  };
  const { serverNonce, algorithm, log2N, r, p, salt } = await ask('proof.start', wish);
  const isSafe = algorithm === 'scrypt' && log2N >= 15 && log2N <= 18 && r === 8 && p >= 1 && p <= 3;
  if (!isSafe) throw new Error('The host asks for another stretching than is safe');

  const [hostNonce, salted] = [serverNonce, salt].map((text) => Buffer.from(text, 'base64url'));
  const prepared = password.replace(/\p{Zs}/gu, ' ').normalize('NFC');
  const key = scryptSync(prepared, salted, 32, { N: 2 ** log2N, r, p, maxmem: 256 * 2 ** log2N * r });
  const clientKey = hmac(key, 'Client Key');
  const storedKey = sha256(clientKey);
  const parts = ['salon-auth-1', 'signIn', username.toLowerCase(), clientNonce, hostNonce];
  const exporter = channel.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0)); // [A11a]
  parts.push(`scrypt,${log2N},${r},${p}`, salted, 'tls-exporter', exporter);
  const transcript = Buffer.concat(parts.flatMap(behindItsLength));

  const pad = hmac(storedKey, transcript);
  const proof = Buffer.from(clientKey.map((byte, i) => byte ^ pad[i])).toString('base64url');
  const { serverSignature, signedIn } = await ask('proof.finish', { proof, device: 'bot.mjs' });
  const expected = hmac(hmac(key, 'Server Key'), transcript).toString('base64url');
  if (serverSignature !== expected) throw new Error('This is not the host that we signed up at');
  return signedIn.token;
}

function behindItsLength(part) {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(part));
  return [length, Buffer.from(part)];
}

/** The same id for the answer to the same event [W10]. */
function idFor({ conversationId, seq }) {
  const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const bytes = [...sha256(`${conversationId} ${seq}`).subarray(0, 26)];
  return bytes.map((byte, i) => letters[byte % (i === 0 ? 8 : 32)]).join('');
}

function sha256(data) {
  return createHash('sha256').update(data).digest();
}

function hmac(key, data) {
  return createHmac('sha256', key).update(data).digest();
}
