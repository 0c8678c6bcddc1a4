import { access, mkdtemp, rmdir, statfs } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import type { RoomSocket } from './client/connection.ts';
import { Connection } from './client/connection.ts';
import { equal } from './client/proof.ts';
import { spokenProof } from './client/spoken.ts';
import { ownAddresses } from './addresses.ts';
import type { DataDirectory } from './data-directory.ts';
import { dial, DialFailed, type Dialled } from './dial.ts';
import type { Nearby } from './nearby.ts';
import { formatAddress } from './protocol/address.ts';
import { fromBase64url, toBase64url } from './protocol/base64url.ts';
import type { ResultOf } from './protocol/commands.ts';
import type { Diagnosis, DiagnosisCode, Report, Trial } from './protocol/diagnosis.ts';
import { PROTOCOL_VERSION, type Fingerprint } from './protocol/entities.ts';
import { SalonError, type RefusalCode } from './protocol/errors.ts';
import { spokenMeans, spokenSecret, type Found, type JoinCode } from './protocol/invite.ts';
import { race, RaceLost } from './race.ts';
import { VERSION } from './version.ts';

/** Examines what stands between this computer and a room. Says nothing of its own to the room but hello and the code. */

export interface Examination {
  /** What somebody wants to reach; null examines only this computer. */
  found: Found | null;
  /** Where Salon keeps its data. */
  data: DataDirectory;
  nearby: Nearby;
  /** The room that this computer hosts now. */
  hosting: { port: number; fingerprint: Fingerprint; knocks: number } | null;
  now?: () => number;
}

/** Nearby rooms have answered by then, or nothing will. In milliseconds. */
const LISTEN_MS = 2_500;
const SELF_MS = 3_000;
/** A room that does not answer what it was asked by then is none. In milliseconds. */
const ANSWER_MS = 5_000;
/** Clocks that differ by less do not explain a code that has expired. In milliseconds. */
const CLOCK_MS = 5 * 60_000;

export async function examine(examination: Examination): Promise<Report> {
  const { found, data, nearby, hosting, now = Date.now } = examination;
  const stopWatching = nearby.watch();
  try {
    const [reached, disk, tried] = await Promise.all([
      hosting === null ? null : reachOurselves(hosting),
      examineDisk(data.directory),
      found === null ? { diagnosis: alone(), clockAheadMs: null } : tryToReach(found, examination),
      settled(nearby),
    ]);
    const heard = nearby.now;
    return {
      at: now(),
      version: VERSION,
      system: `${platform()} ${arch()}, Node ${process.versions.node}`,
      addresses: ownAddresses(),
      multicast: heard.state === 'looking' ? 'silent' : heard.state,
      nearby: heard.rooms.length,
      dataFolder: data.directory,
      dataPlace: data.place,
      ...disk,
      hosting:
        hosting === null ? null : { port: hosting.port, reached: reached ?? [], knocks: hosting.knocks },
      ...tried,
    };
  } finally {
    stopWatching();
  }
}

/** Nothing was to be tried, but this much can be said. */
function alone(): Diagnosis | null {
  return ownAddresses().every(({ loopback }) => loopback) ? diagnosis('noNetwork') : null;
}

/** Of the folder itself, or of the one in which it will be made. Nothing is left there. */
async function examineDisk(directory: string): Promise<Pick<Report, 'dataWritable' | 'freeDiskBytes'>> {
  const existing = await access(directory).then(
    () => true,
    () => false,
  );
  if (!existing && dirname(directory) !== directory) return examineDisk(dirname(directory));
  try {
    const { bavail, bsize } = await statfs(directory);
    return { dataWritable: await canWrite(directory), freeDiskBytes: bavail * bsize };
  } catch {
    return { dataWritable: false, freeDiskBytes: null };
  }
}

/** Tried, because rights alone do not tell: a disk may be full, or locked. */
async function canWrite(directory: string): Promise<boolean> {
  try {
    await rmdir(await mkdtemp(join(directory, '.salon-')));
    return true;
  } catch {
    return false;
  }
}

function reachOurselves({ port, fingerprint }: { port: number; fingerprint: Fingerprint }): Promise<Trial[]> {
  return Promise.all(
    ownAddresses().map(async (own) => {
      const address = formatAddress({ host: own.address, port });
      const began = performance.now();
      const trial = (code: DiagnosisCode) => ({ address, found: code, ms: since(began) });
      try {
        const { socket } = await dial(address, { fingerprint }, { timeoutMs: SELF_MS });
        socket.terminate();
        return trial('fine');
      } catch (error) {
        if (error instanceof DialFailed) return trial(error.found);
        throw error;
      }
    }),
  );
}

type Tried = Pick<Report, 'diagnosis' | 'clockAheadMs'>;

async function tryToReach(found: Found, examination: Examination): Promise<Tried> {
  const { now = Date.now } = examination;
  if (found.kind === 'unreadable')
    return { diagnosis: diagnosis(found.why === 'newer' ? 'codeNewer' : 'codeDamaged'), clockAheadMs: null };
  const began = performance.now();
  try {
    const dialled = await reach(found, examination);
    const { address } = dialled;
    const { code, clockAheadMs } = await talk(dialled, found, now);
    const detail = code === 'clock' ? String(Math.round(Math.abs(clockAheadMs ?? 0) / 60_000)) : '';
    const trials = [{ address, found: code, ms: since(began) }];
    return { diagnosis: { ...diagnosis(code), address, detail, trials }, clockAheadMs };
  } catch (error) {
    if (error instanceof RaceLost) return { diagnosis: error.diagnosis, clockAheadMs: null };
    throw error;
  }
}

function reach(
  found: Exclude<Found, { kind: 'unreadable' }>,
  { nearby, hosting }: Examination,
): Promise<Dialled> {
  if (found.kind === 'address') return race([formatAddress(found.address)], { fingerprint: null });
  const isOurs = (key: string) => key === hosting?.fingerprint;
  const isMeant = (prefix: string) =>
    found.kind === 'spoken' ? spokenMeans(found.spoken, prefix) : found.code.fingerprint.startsWith(prefix);
  const more = (add: (addresses: readonly string[]) => void) => {
    const look = () => add(nearby.addressesOf(isMeant));
    look();
    return nearby.onFound(look);
  };
  if (found.kind === 'code') {
    const { addresses, fingerprint } = found.code;
    return race(addresses.map(formatAddress), { fingerprint }, { more, isOurs });
  }
  const typed = found.address === null ? [] : [formatAddress(found.address)];
  return race(typed, { fingerprint: null }, { more, isOurs, accepts: isMeant });
}

interface Told {
  code: DiagnosisCode;
  clockAheadMs: number | null;
}

/** What the room itself says: to hello, and of the code. */
async function talk(dialled: Dialled, found: Found, now: () => number): Promise<Told> {
  const connection = new Connection(dialled.socket as unknown as RoomSocket, {
    opened: () => undefined,
    event: () => undefined,
    signal: () => undefined,
    goodbye: () => undefined,
    closed: () => undefined,
  });
  const patience = setTimeout(() => connection.close(), ANSWER_MS);
  let clockAheadMs: number | null = null;
  try {
    const asked = now();
    const hello = await connection.ask('hello', {
      protocol: PROTOCOL_VERSION,
      language: 'en',
      client: `Salon ${VERSION}`,
    });
    clockAheadMs = Math.round(hello.now - (asked + now()) / 2);
    return { code: await judge(connection, dialled, found, hello), clockAheadMs };
  } catch (error) {
    const code = error instanceof SalonError ? (REFUSED[error.code] ?? 'notSalon') : 'notSalon';
    const isClock =
      code === 'codeExpired' && found.kind === 'code' && clockExplains(found.code, clockAheadMs, now());
    return { code: isClock ? 'clock' : code, clockAheadMs };
  } finally {
    clearTimeout(patience);
    connection.close();
  }
}

/** @throws SalonError when the room refuses the code. */
async function judge(
  connection: Connection,
  { binding }: Dialled,
  found: Found,
  { needsOwner, settings }: ResultOf<'hello'>,
): Promise<DiagnosisCode> {
  if (found.kind === 'spoken') {
    const secret = spokenSecret(found.spoken);
    const channel = fromBase64url(binding);
    const proof = toBase64url(spokenProof(secret, 'client', channel));
    const answered = await connection.ask('invite.prove', { proof });
    const isProven = equal(fromBase64url(answered.proof), spokenProof(secret, 'host', channel));
    return isProven ? 'fine' : 'wrongKey';
  }
  if (found.kind !== 'code') return settings.access === 'invited' ? 'inviteNeeded' : 'fine';
  const { role, id, secret } = found.code;
  if (role === 'owner') return needsOwner ? 'fine' : 'codeUsed';
  await connection.ask('invite.check', { id, secret });
  return 'fine';
}

const REFUSED: Partial<Record<RefusalCode, DiagnosisCode>> = {
  VERSION: 'version',
  BANNED: 'banned',
  ROOM_FULL: 'full',
  SLOW_DOWN: 'tooMany',
  CLOSING: 'refused',
  INVITE_NEEDED: 'inviteNeeded',
  INVITE_UNKNOWN: 'codeUnknown',
  INVITE_EXPIRED: 'codeExpired',
  INVITE_USED: 'codeUsed',
  INVITE_REVOKED: 'codeRevoked',
};

/** By our clock it is still good: then one of the two is wrong, and a new code would expire as soon. */
function clockExplains({ expiresAt }: JoinCode, aheadMs: number | null, now: number): boolean {
  return expiresAt !== null && expiresAt > now && aheadMs !== null && Math.abs(aheadMs) > CLOCK_MS;
}

/** Until rooms nearby have had the time to answer, or it is clear that none can. */
async function settled(nearby: Nearby): Promise<void> {
  const began = performance.now();
  while (performance.now() - began < LISTEN_MS) {
    const { state } = nearby.now;
    if (state === 'silent' || state === 'noNetwork') return;
    if (state === 'ok' && performance.now() - began > LISTEN_MS / 2) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function diagnosis(code: DiagnosisCode): Diagnosis {
  return { code, address: '', detail: '', foundFingerprint: null, trials: [] };
}

function since(began: number): number {
  return Math.round(performance.now() - began);
}
