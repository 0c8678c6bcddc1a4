import { fsyncSync, openSync, closeSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { LIMITS, type Channel, type Id } from '../../server/protocol/entities.ts';
import { begin, hashOf, someBytes, writePart } from '../support/files.ts';
import { scratch } from '../support/processes.ts';
import { Caller } from '../support/room.ts';
import { openWebSocket } from '../support/socket.ts';
import { alternately, cpuSeconds, extent, percentile, ratio, Report, round, sleep } from './measure.ts';
import { roomOf } from './rooms.ts';
import { apart, hostFor, openReference } from './subjects.ts';

/**
 * Files to the host and from it, by one member and by ten at once, against the same bytes in the same parts through a bare
 * `ws` server that sends them back; and what a file on its way costs a small message.
 *
 *   node --import tsx tests/bench/files.ts [--quick]
 */
const MIB = 1024 * 1024;
const CROWD = 10;
/** Of all members together, in one round. */
const BYTES = extent(40, 20, 2) * MIB;
/** Parts under way at one time, as a page has them. */
const TO_HOST = 6;
const FROM_HOST = 3;
const MESSAGES = extent(200, 60, 10);

const room = await roomOf({ members: CROWD + 1, guests: CROWD });
const host = await hostFor(room);
apart(host.pid, process.pid);

interface Speaker {
  caller: Caller;
  lobby: Id;
}

async function enter(channel: Channel, token: string): Promise<Speaker> {
  const caller = await Caller.connect(`127.0.0.1:${host.port}`, { channel });
  await caller.ask('session.resume', { token });
  const { conversations } = await caller.ask('room.enter', {});
  return { caller, lobby: conversations.find(({ kind }) => kind === 'lobby')?.id ?? '' };
}

/** Each as soon as one before it is answered. */
async function windowed(count: number, atOnce: number, ask: (i: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lanes = Array.from({ length: atOnce }, async () => {
    while (next < count) await ask(next++);
  });
  await Promise.all(lanes);
}

async function bringOne({ caller }: Speaker, bytes: Buffer): Promise<void> {
  await begin(caller, bytes);
  const parts = Math.ceil(bytes.length / LIMITS.fileWriteBytes);
  await windowed(parts, TO_HOST, (i) => writePart(caller, bytes, i * LIMITS.fileWriteBytes));
}

async function fetchOne({ caller }: Speaker, conversationId: Id, seq: number, size: number): Promise<void> {
  await windowed(Math.ceil(size / LIMITS.fileReadBytes), FROM_HOST, async (i) => {
    const offset = i * LIMITS.fileReadBytes;
    const { data } = await caller.ask('file.read', { conversationId, seq, offset });
    Buffer.from(data, 'base64url');
  });
}

/** In MB, all together: in a second, and for each second that the server's process worked. */
type Speed = { perSecond: number; perCpuSecond: number; benchBusy: number };

async function speed(work: () => Promise<unknown>, pid: number = host.pid): Promise<Speed> {
  const [began, cpu, own] = [performance.now(), cpuSeconds(pid), process.cpuUsage()];
  await work();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(own);
  return {
    perSecond: BYTES / 1e6 / seconds,
    perCpuSecond: BYTES / 1e6 / (cpuSeconds(pid) - cpu),
    benchBusy: (user + system) / 1e6 / seconds,
  };
}

/** The same parts through a server that does nothing but send them back. */
async function echoed(tls: boolean, members: number): Promise<Speed> {
  const { place, child } = await openReference('echo', tls);
  apart(child.pid, process.pid);
  const address = `127.0.0.1:${place.port}`;
  const text = someBytes(LIMITS.fileWriteBytes).toString('base64url');
  const parts = Math.ceil(BYTES / members / LIMITS.fileWriteBytes);
  const sockets = Array.from({ length: members }, () => openWebSocket(address, tls ? 'app' : 'simple', {}));
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('open', resolve))));
  const told = await speed(
    () =>
      Promise.all(
        sockets.map(async (socket) => {
          const waiting: (() => void)[] = [];
          socket.on('message', (data: Buffer) => {
            Buffer.from(data.toString(), 'base64url');
            waiting.shift()?.();
          });
          await windowed(parts, TO_HOST, () => {
            socket.send(text);
            return new Promise<void>((resolve) => waiting.push(resolve));
          });
        }),
      ),
    child.pid,
  );
  for (const socket of sockets) socket.terminate();
  child.end();
  return told;
}

/** A few dozen messages, one after the other, while a file comes or while nothing does. */
async function answers(writer: Speaker, bringing: Speaker | null): Promise<{ p50: number; p95: number }> {
  let over = false;
  const files = Array.from({ length: bringing === null ? 0 : 4 }, () => someBytes(extent(40, 20, 1) * MIB));
  files.forEach(hashOf);
  const busy = (async () => {
    for (const bytes of files) if (bringing !== null && !over) await bringOne(bringing, bytes);
  })();
  const times: number[] = [];
  for (let i = 0; i < MESSAGES; i += 1) {
    await sleep(10);
    const before = performance.now();
    await writer.caller.ask('message.post', { id: ulid(), conversationId: writer.lobby, body: 'Hello' });
    times.push(performance.now() - before);
  }
  over = true;
  await busy;
  return { p50: percentile(times, 0.5), p95: percentile(times, 0.95) };
}

/** Written and synchronised, as the host does it, with nothing around. */
async function written(): Promise<Speed> {
  const path = join(await scratch(), 'file');
  const bytes = someBytes(BYTES);
  return speed(() => {
    const file = openSync(path, 'w');
    for (let at = 0; at < bytes.length; at += LIMITS.fileWriteBytes)
      writeSync(file, bytes, at, Math.min(LIMITS.fileWriteBytes, bytes.length - at));
    fsyncSync(file);
    closeSync(file);
    hashOf(bytes);
    return Promise.resolve();
  });
}

const report = new Report('files');
const describe = (told: Speed) =>
  `${round(told.perSecond)} MB/s, ${round(told.perCpuSecond)} for each CPU-s of the host`;

for (const tls of [false, true]) {
  const tokens = (tls ? room.members : room.guests).slice(0, CROWD).map(({ token }) => token);
  const speakers = await Promise.all(tokens.map((token) => enter(tls ? 'app' : 'simple', token)));
  for (const members of [1, CROWD]) {
    const some = speakers.slice(0, members);
    const each = Math.floor(BYTES / members);
    const posted: number[] = [];
    for (const { caller, lobby } of some) {
      const bytes = someBytes(each);
      await bringOne({ caller, lobby }, bytes);
      const file = { hash: hashOf(bytes), name: 'bench.bin' };
      const { seq } = await caller.ask('message.post', {
        ...{ id: ulid(), conversationId: lobby, body: '', file },
      });
      posted.push(seq);
    }
    const { to, from, echo, disk } = await alternately({
      to: async () => {
        const files = some.map(() => someBytes(each));
        files.forEach(hashOf);
        return speed(() => Promise.all(some.map((one, i) => bringOne(one, files[i] ?? Buffer.alloc(0)))));
      },
      from: () =>
        speed(() => Promise.all(some.map((one, i) => fetchOne(one, one.lobby, posted[i] ?? 0, each)))),
      echo: () => echoed(tls, members),
      disk: () => written(),
    });
    const what = `${members === 1 ? 'one member' : `${members} members at once`}, ${tls ? 'TLS' : 'plain'}`;
    Object.assign(report.figures, { [what]: { to, from, echo, disk } });
    report.add({
      what: `files to the host, ${what}`,
      measured: describe(to),
      reference: `ws echo ${round(echo.perSecond)} (${ratio(to.perSecond, echo.perSecond)}), for each CPU-s ${round(echo.perCpuSecond)} (${ratio(to.perCpuSecond, echo.perCpuSecond)}); write, fsync and SHA-256 ${round(disk.perSecond)}`,
      target: '',
    });
    report.add({
      what: `files from the host, ${what}`,
      measured: describe(from),
      reference: `ws echo ${round(echo.perSecond)} (${ratio(from.perSecond, echo.perSecond)}), for each CPU-s ${round(echo.perCpuSecond)} (${ratio(from.perCpuSecond, echo.perCpuSecond)})`,
      target: '',
    });
  }
  for (const { caller } of speakers) caller.close();
}

const [one, two] = room.members;
const [writer, bringing] = [await enter('app', one?.token ?? ''), await enter('app', two?.token ?? '')];
const { alone, beside } = await alternately({
  alone: () => answers(writer, null),
  beside: () => answers(writer, bringing),
});
report.figures['message'] = { alone, beside };
report.add({
  what: 'time to the acknowledgement of a small message while a file arrives, TLS, p50 / p95 ms',
  measured: `${round(beside.p50)} / ${round(beside.p95)}`,
  reference: `without ${round(alone.p50)} / ${round(alone.p95)} (${ratio(beside.p50, alone.p50)} / ${ratio(beside.p95, alone.p95)})`,
  target: '',
});
for (const { caller } of [writer, bringing]) caller.close();
await host.stop();
report.write();
process.exit(0);
