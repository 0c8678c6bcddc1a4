import { randomBytes } from 'node:crypto';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeCodeCredential, makeCredential } from '../../server/client/signing-in.ts';
import { quickStretch } from '../support/room.ts';
import { Wire } from '../host/wire.ts';
import type { Flood, Flooded } from './flooder.ts';

/** Makes the trouble that its argument describes, and tells how it went. */

/** Nobody hung up for so long. In milliseconds. */
const HELD_MS = 45_000;

const what = JSON.parse(process.argv[2] ?? '') as Flood;
const outcomes: Record<string, number> = {};
const longest = { ms: 0 };
const note = (outcome: string) => (outcomes[outcome] = (outcomes[outcome] ?? 0) + 1);
const credential = await makeCredential('lampe-de-chevet', quickStretch);
const recovery = makeCodeCredential('0'.repeat(25));

const began = performance.now();
let next = 0;
await Promise.all(Array.from({ length: what.abreast }, lane));
process.send?.({
  outcomes,
  longestMs: Math.round(longest.ms),
  tookMs: Math.round(performance.now() - began),
} satisfies Flooded);

async function lane(): Promise<void> {
  while (next < what.count) {
    const n = (next += 1);
    if (what.perSecond !== undefined)
      await sleep(Math.max(0, began + (n * 1_000) / what.perSecond - performance.now()));
    const from = what.from[n % what.from.length] ?? '127.0.0.1';
    if (what.kind === 'logins' || what.kind === 'joins') await speak(from, n);
    else note(await knock(from));
  }
}

/** How a connection on which nothing is said came to its end. */
function knock(localAddress: string): Promise<string> {
  const at = performance.now();
  const to = { host: '127.0.0.1', port: what.port, localAddress };
  return new Promise((resolve) => {
    let outcome = 'refused';
    const opened = () => {
      outcome = 'cut';
      if (what.kind !== 'handshakes') return;
      outcome = 'shaken';
      socket.destroy();
    };
    const socket: Socket =
      what.kind === 'tcp'
        ? connectPlain(to, opened)
        : connectSecure({ ...to, rejectUnauthorized: false }, opened);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRNOTAVAIL' || error.code === 'EMFILE') outcome = error.code;
    });
    socket.resume();
    const patience = setTimeout(() => {
      outcome = 'held';
      socket.destroy();
    }, HELD_MS);
    socket.on('close', () => {
      clearTimeout(patience);
      const ms = performance.now() - at;
      longest.ms = Math.max(longest.ms, ms);
      // TCP alone is accepted by the system before the host has its say.
      resolve(what.kind === 'tcp' && ms < 1_000 ? 'refused' : outcome);
    });
  });
}

/** Ten attempts on one connection, as they are allowed at once. */
async function speak(localAddress: string, n: number): Promise<void> {
  let wire: Wire;
  try {
    wire = await Wire.open(`127.0.0.1:${what.port}`, { localAddress });
  } catch (error) {
    note(/\b(429|503)\b/.exec(String(error))?.[1] ?? 'cut');
    return;
  }
  try {
    await wire.ask('hello', { protocol: 1, language: 'en', client: 'flood' });
    for (let times = 0; times < (what.kind === 'joins' ? 5 : 5); times += 1) {
      note(what.kind === 'joins' ? await join(wire, `${n}-${times}`) : await login(wire));
    }
  } catch {
    note('cut');
  }
  wire.close();
}

async function login(wire: Wire): Promise<string> {
  const clientNonce = randomBytes(24).toString('base64url');
  const started = await wire.ask('proof.start', {
    ...{ purpose: 'signIn', username: 'bystander-0', clientNonce, binding: 'tls-exporter' },
  });
  if (started.t === 'refused') return started.code ?? '';
  const finished = await wire.ask('proof.finish', {
    proof: randomBytes(32).toString('base64url'),
    device: '',
  });
  return finished.code ?? 'in';
}

async function join(wire: Wire, name: string): Promise<string> {
  const joined = await wire.ask('account.signUp', {
    ...{ lastName: 'Flood', firstName: 'Flood', username: `f${name}`, device: '' },
    ...{ password: credential, recovery },
  });
  return joined.code ?? 'in';
}
