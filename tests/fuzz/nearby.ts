import { createRequire } from 'node:module';
import * as assert from 'uvu/assert';
import { SERVICE_NAME, type Packet } from '../../server/cards.ts';
import { parseAddress } from '../../server/protocol/address.ts';
import { LIMITS } from '../../server/protocol/entities.ts';
import { RoomsSeen } from '../../server/rooms-seen.ts';
import { Neighbourhood } from '../../server/sightings.ts';
import type { Target } from './guided.ts';

interface DnsPacket {
  decode(bytes: Buffer): Packet;
  encode(packet: unknown): Buffer;
}

// What multicast-dns reads packets with, which is what bonjour-service listens with.
const require = createRequire(createRequire(import.meta.url).resolve('bonjour-service'));
const dns = createRequire(require.resolve('multicast-dns'))('dns-packet') as DnsPacket;

const instance = `KitchenKitchen-_.${SERVICE_NAME}`;
const answersOf = (txt: string[], ttl = 120) => [
  { type: 'PTR', name: SERVICE_NAME, ttl, data: instance },
  { type: 'SRV', name: instance, ttl, data: { port: 4870, target: 'salon-a.local' } },
  { type: 'TXT', name: instance, ttl, data: txt },
  { type: 'A', name: 'salon-a.local', ttl, data: '127.0.0.1' },
  { type: 'AAAA', name: 'salon-a.local', ttl, data: '::1' },
];
const response = (answers: unknown[]) =>
  dns.encode({ type: 'response', id: 0, flags: 0, questions: [], answers });
const near = new Neighbourhood();

/** A packet from the network, as bytes. */
export const packets: Target = {
  name: 'announcements',
  files: ['server/sightings.ts', 'server/rooms-seen.ts', 'dns-packet/index.js'],
  seeds: [
    response(answersOf(['v=1', 'id=KitchenKitchen-_', 'n=The Kitchen'])),
    response(answersOf(['role=seen', 'id=KitchenKitchen-_', 'at=127.0.0.1:4870'])),
    response(answersOf(['v=1', 'id=KitchenKitchen-_', 'n=The Kitchen'], 0)),
    dns.encode({ type: 'query', id: 0, questions: [{ type: 'PTR', name: SERVICE_NAME }] }),
  ],
  words: [
    '\u00c0\u000c',
    '\u00c0\u0000',
    'v=',
    'id=',
    'n=',
    'role=',
    'at=',
    '10.0.0.4:80',
    '\u0000\u0010',
    '\u202e',
  ],
  run(bytes) {
    let packet: Packet;
    try {
      packet = dns.decode(bytes);
    } catch {
      // multicast-dns drops what it cannot read.
      return;
    }
    const seen = new RoomsSeen(() => false);
    seen.take(packet, '127.0.0.1', near, 0);
    for (const { prefix, name, addresses, version } of seen.rooms) {
      assert.match(prefix, /^[\w-]{16}$/);
      assert.ok(name.length > 0 && [...name].length <= LIMITS.roomNameCharacters);
      assert.not.match(name, /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      assert.ok(version > 0 && version < 1_000);
      for (const address of addresses)
        assert.ok(near.isPlausible(parseAddress(address)?.host ?? ''), address);
    }
    seen.addressesOf(() => true);
  },
};
