import { BlockList, isIP, isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { SERVICE_NAME, type DnsRecord, type Packet } from './cards.ts';
import { PREFIX_LETTERS } from './announce.ts';
import { formatAddress, parseAddress } from './protocol/address.ts';
import { LIMITS } from './protocol/entities.ts';

/** What a packet from the network says of rooms. Everything in it may be a lie, too long, or broken. */

/** Said by one computer of one room. */
export interface Sighting {
  /** The name of the record: whoever says goodbye names it again. */
  instance: string;
  prefix: string;
  /** Null when it is not the room itself that speaks, but somebody who was there. */
  room: { name: string; version: number } | null;
  /** As `host:port`, the likeliest first. */
  addresses: string[];
}

/** The most that one packet may say: an honest one says one thing, or a few that share a computer. */
const MOST_A_PACKET = 8;
const MOST_ADDRESSES = 6;

/** The computers that are on a network with this one. */
export class Neighbourhood {
  readonly #near = new BlockList();
  /** Also beyond a router, as long as it is no address of the Internet. */
  readonly #private = new BlockList();

  constructor() {
    for (const { address, cidr, family } of Object.values(networkInterfaces()).flatMap((list = []) => list)) {
      const bits = Number(cidr?.split('/')[1] ?? Number.NaN);
      if (Number.isInteger(bits)) this.#near.addSubnet(address, bits, family === 'IPv4' ? 'ipv4' : 'ipv6');
    }
    this.#private.addSubnet('10.0.0.0', 8);
    this.#private.addSubnet('172.16.0.0', 12);
    this.#private.addSubnet('192.168.0.0', 16);
    this.#private.addSubnet('169.254.0.0', 16);
    this.#private.addSubnet('fc00::', 7, 'ipv6');
  }

  isNear(address: string): boolean {
    return this.#isIn(this.#near, address);
  }

  /** Whether to believe a stranger that a room is there: nobody shall make us knock at the Internet. */
  isPlausible(address: string): boolean {
    return this.isNear(address) || this.#isIn(this.#private, address);
  }

  #isIn(list: BlockList, address: string): boolean {
    return isIP(address) !== 0 && list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
  }
}

export function sightingsIn(packet: Packet, from: string, near: Neighbourhood): Sighting[] {
  const records = recordsOf(packet);
  return instancesIn(records, (ttl) => ttl > 0)
    .slice(0, MOST_A_PACKET)
    .flatMap((instance) => sightingOf(instance, records, from, near) ?? []);
}

/** The names of the records that are no more. */
export function goodbyesIn(packet: Packet): string[] {
  return instancesIn(recordsOf(packet), (ttl) => ttl === 0);
}

function recordsOf({ type, answers, additionals }: Packet): DnsRecord[] {
  return type === 'response' ? [...answers, ...additionals] : [];
}

function instancesIn(records: DnsRecord[], isMeant: (ttl: number) => boolean): string[] {
  const pointers = records.filter(
    ({ type, name, ttl }) => type === 'PTR' && same(name, SERVICE_NAME) && isMeant(ttl ?? 0),
  );
  return [...new Set(pointers.map(({ data }) => String(data)))];
}

function sightingOf(
  instance: string,
  records: DnsRecord[],
  from: string,
  near: Neighbourhood,
): Sighting | null {
  const about = (type: string) => records.find((each) => each.type === type && same(each.name, instance));
  const { port = 0, target = '' } = (about('SRV')?.data ?? {}) as { port?: number; target?: string };
  const text = textOf(about('TXT')?.data);
  const prefix = text?.get('id') ?? '';
  const isPort = Number.isInteger(port) && port >= 1 && port <= 65_535;
  if (text === null || !isPort || !isPrefix(prefix)) return null;
  if (text.get('role') === 'seen') {
    const at = parseAddress(text.get('at') ?? '');
    if (at === null || !near.isPlausible(at.host)) return null;
    return { instance, prefix, room: null, addresses: [formatAddress(at)] };
  }
  const name = plainName(text.get('n') ?? '');
  const version = /^\d{1,3}$/.test(text.get('v') ?? '') ? Number(text.get('v')) : 0;
  if (text.has('role') || name === '' || version === 0) return null;
  const named = records
    .filter(({ type, name: owner }) => (type === 'A' || type === 'AAAA') && same(owner, target))
    .map(({ data }) => String(data))
    // Link-local IPv6 addresses need a zone, which is another one on every computer.
    .filter((host) => near.isNear(host) && !/^fe[89ab]/i.test(host))
    .toSorted((a, b) => Number(isIPv4(b)) - Number(isIPv4(a)));
  const hosts = [...new Set([from, ...named])].slice(0, MOST_ADDRESSES);
  return {
    instance,
    prefix,
    room: { name, version },
    addresses: hosts.map((host) => formatAddress({ host, port })),
  };
}

/** The strings of a TXT record. Null when one of them is no text. */
function textOf(data: unknown): Map<string, string> | null {
  if (!Array.isArray(data)) return null;
  const entries = new Map<string, string>();
  try {
    for (const entry of data.slice(0, 16)) {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(entry as Uint8Array);
      const equals = text.indexOf('=');
      // The first of two that are called the same counts (RFC 6763, 6.4).
      if (equals > 0 && !entries.has(text.slice(0, equals)))
        entries.set(text.slice(0, equals), text.slice(equals + 1));
    }
  } catch {
    return null;
  }
  return entries;
}

function isPrefix(text: string): boolean {
  return text.length === PREFIX_LETTERS && /^[\w-]+$/.test(text);
}

/** Without what cannot be seen or turns the text around. The joiner stays: some emoji are made with it. */
function plainName(text: string): string {
  const visible = text.replace(/(?!\u200D)[\p{Cc}\p{Cf}\u2028\u2029]/gu, '');
  return [...visible.replace(/\s+/g, ' ').trim()].slice(0, LIMITS.roomNameCharacters).join('');
}

/** As DNS compares names. */
function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
