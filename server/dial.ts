import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { connect, type TLSSocket } from 'node:tls';
import type { X509Certificate } from 'node:crypto';
import { BlockList } from 'node:net';
import { WebSocket } from 'ws';
import { fingerprintOf } from './identity.ts';
import { formatAddress, parseAddress } from './protocol/address.ts';
import type { DiagnosisCode } from './protocol/diagnosis.ts';
import { ALPN, APP_HOST, type Fingerprint, SUBPROTOCOL } from './protocol/entities.ts';

/** The way from an app to a room: TLS 1.3, the key checked before a single byte of ours, then the WebSocket. */

/** A room that answered with the right key. */
export interface Dialled {
  /** Open. Nothing has been said on it. */
  socket: WebSocket;
  /** `host:port`. */
  address: string;
  fingerprint: Fingerprint;
  /** base64url. What ties a proof to this very channel: the TLS exporter. */
  binding: string;
}

export interface Wanted {
  /** Null takes any key: whoever asked decides before anything is said. */
  fingerprint: Fingerprint | null;
  /** The key must at least begin so. */
  prefix?: string;
}

export interface DialOptions {
  /** For all of it. In milliseconds. */
  timeoutMs?: number;
  signal?: AbortSignal;
  /** The most that the room may send in one message, in bytes. */
  maxPayload?: number;
}

/** Why nobody fit answered. */
export class DialFailed extends Error {
  override readonly name = 'DialFailed';
  readonly found: DiagnosisCode;
  /** For `wrongKey`. */
  readonly foundFingerprint: Fingerprint | null;
  constructor(found: DiagnosisCode, foundFingerprint: Fingerprint | null = null) {
    super(found);
    this.found = found;
    this.foundFingerprint = foundFingerprint;
  }
}

const TIMEOUT_MS = 6_000;
/** A snapshot of a thousand members is a quarter of it. */
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * @param typed - `host:port`.
 * @throws DialFailed; when `signal` ends it, with `silent`.
 */
export async function dial(typed: string, wanted: Wanted, options: DialOptions = {}): Promise<Dialled> {
  const address = parseAddress(typed);
  if (address === null) throw new DialFailed('unknownName');
  const deadline = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
  const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]);
  const channel = await openChannel(address, signal);
  try {
    const fingerprint = checkKey(channel, wanted);
    const binding = channel.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
    const socket = await openSocket(channel, signal, options.maxPayload ?? MOST_BYTES);
    return { socket, address: formatAddress(address), fingerprint, binding: binding.toString('base64url') };
  } catch (error) {
    channel.destroy();
    throw error;
  }
}

function openChannel(
  { host, port }: { host: string; port: number },
  signal: AbortSignal,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    let connected = false;
    const channel = connect({
      host,
      port,
      // The certificate is only the key's envelope: the key itself is checked below.
      rejectUnauthorized: false,
      minVersion: 'TLSv1.3',
      servername: '',
      ALPNProtocols: [ALPN],
    });
    const fail = (found: DiagnosisCode) => {
      signal.removeEventListener('abort', tooLate);
      channel.destroy();
      reject(new DialFailed(found));
    };
    const tooLate = () => fail(connected ? 'notSalon' : unreached(host));
    if (signal.aborted) return tooLate();
    signal.addEventListener('abort', tooLate);
    channel.once('connect', () => {
      connected = true;
    });
    channel.on('error', (error: NodeJS.ErrnoException) =>
      fail(connected ? 'notSalon' : reasonOf(error, host)),
    );
    channel.once('close', () => fail(connected ? 'notSalon' : 'silent'));
    channel.once('secureConnect', () => {
      signal.removeEventListener('abort', tooLate);
      if (channel.alpnProtocol !== ALPN) return fail('notSalon');
      resolve(channel);
    });
  });
}

/** Nothing of ours has been sent yet, and nothing will be if this throws. */
function checkKey(channel: TLSSocket, { fingerprint, prefix = '' }: Wanted): Fingerprint {
  const certificate: X509Certificate | undefined = channel.getPeerX509Certificate();
  if (certificate === undefined) throw new DialFailed('notSalon');
  const found = fingerprintOf(certificate);
  const fits = fingerprint === null ? found.startsWith(prefix) : found === fingerprint;
  if (!fits) throw new DialFailed('wrongKey', found);
  return found;
}

function openSocket(channel: TLSSocket, signal: AbortSignal, maxPayload: number): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${APP_HOST}/socket`, [SUBPROTOCOL], {
      createConnection: () => channel,
      maxPayload,
      perMessageDeflate: false,
      followRedirects: false,
    });
    const fail = (found: DiagnosisCode) => {
      signal.removeEventListener('abort', tooLate);
      reject(new DialFailed(found));
      socket.on('error', () => undefined);
      socket.terminate();
    };
    const tooLate = () => fail('notSalon');
    if (signal.aborted) return tooLate();
    signal.addEventListener('abort', tooLate);
    socket.once('unexpected-response', (_request, response) => {
      const found: Record<number, DiagnosisCode> = { 426: 'version', 429: 'tooMany', 503: 'full' };
      fail(found[response.statusCode ?? 0] ?? 'notSalon');
    });
    socket.once('error', () => fail('notSalon'));
    socket.once('open', () => {
      signal.removeEventListener('abort', tooLate);
      // Whoever uses it listens for its close.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}

function reasonOf({ code }: NodeJS.ErrnoException, host: string): DiagnosisCode {
  if (code === 'ECONNREFUSED') return 'refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_FAIL') return 'unknownName';
  return unreached(host);
}

/** Nobody can be reached there. Whether that is because it is another network shows by our own addresses. */
function unreached(host: string): DiagnosisCode {
  const cards = Object.values(networkInterfaces()).flatMap((list = []) => list);
  const outer = cards.filter(({ internal, address }) => !internal && !address.startsWith('fe80'));
  if (outer.length === 0) return isLoopback(host) ? 'silent' : 'noNetwork';
  const family = isIP(host);
  if (family === 0) return 'silent';
  const ours = new BlockList();
  for (const { address, cidr, family: each } of cards) {
    const bits = Number(cidr?.split('/')[1] ?? Number.NaN);
    if (Number.isInteger(bits)) ours.addSubnet(address, bits, each === 'IPv4' ? 'ipv4' : 'ipv6');
  }
  return ours.check(host, family === 4 ? 'ipv4' : 'ipv6') ? 'silent' : 'wrongNetwork';
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
