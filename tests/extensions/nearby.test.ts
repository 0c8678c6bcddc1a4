import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SERVICE_NAME, type DnsRecord, type Packet } from '../../server/cards.ts';
import { RoomsSeen } from '../../server/rooms-seen.ts';
import { Neighbourhood } from '../../server/sightings.ts';

const nearby = suite('Rooms nearby');

const near = new Neighbourhood();
const KITCHEN = 'KitchenKitchen-_';
const GARDEN = 'GardenGardenGard';

interface Said {
  prefix?: string;
  /** The strings of the TXT record. */
  text?: (string | Uint8Array)[] | string;
  port?: unknown;
  addresses?: string[];
  ttl?: number;
  instance?: string;
  service?: string;
}

/** As `server/announce.ts` has it sent. */
function said({ prefix = KITCHEN, port = 4870, addresses = [], ttl = 120, ...more }: Said = {}): Packet {
  const { instance = `${prefix}.${SERVICE_NAME}`, service = SERVICE_NAME } = more;
  const { text = ['v=1', `id=${prefix}`, 'n=The Kitchen'] } = more;
  const target = `salon-${prefix}.local`;
  const data = typeof text === 'string' ? text : text.map((each) => Buffer.from(each));
  const answers: DnsRecord[] = [
    { type: 'PTR', name: service, ttl, data: instance },
    { type: 'SRV', name: instance, ttl, data: { port, target } },
    { type: 'TXT', name: instance, ttl, data },
  ];
  const additionals = addresses.map((data_) => ({
    type: data_.includes(':') ? 'AAAA' : 'A',
    name: target,
    ttl,
    data: data_,
  }));
  return { type: 'response', questions: [], answers, additionals };
}

function heard(...packets: [Packet, string?][]): RoomsSeen {
  const seen = new RoomsSeen(() => false);
  for (const [packet, from = '127.0.0.1'] of packets) seen.take(packet, from, near, 0);
  return seen;
}

nearby('one room seen on several cards is one, with every address where it may be', () => {
  const { rooms } = heard(
    [said({ addresses: ['::1', '127.0.0.9', '203.0.113.5', 'fe80::1'] }), '127.0.0.2'],
    [said(), '127.0.0.3'],
    [said({ prefix: GARDEN, text: ['v=2', `id=${GARDEN}`, 'n=Garden', 'new=1'] }), '127.0.0.4'],
  );
  assert.equal(rooms, [
    {
      prefix: KITCHEN,
      name: 'The Kitchen',
      // Whence each came first, then what is on a network with us; IPv4 before IPv6, nothing of elsewhere.
      addresses: ['127.0.0.2:4870', '127.0.0.3:4870', '127.0.0.9:4870', '[::1]:4870'],
      version: 1,
    },
    { prefix: GARDEN, name: 'Garden', addresses: ['127.0.0.4:4870'], version: 2 },
  ]);
});

nearby('whoever is on no network with us is not heard', () => {
  assert.equal(heard([said(), '203.0.113.5']).rooms, []);
});

nearby('a name is text and nothing else', () => {
  const name = (text: string) =>
    heard([said({ text: ['v=1', `id=${KITCHEN}`, `n=${text}`] })]).rooms[0]?.name;
  assert.is(name('Club \u202Eegdirb\u200B \u0007 <b>'), 'Club egdirb <b>');
  assert.is(name('👩‍🍳 Küche'), '👩‍🍳 Küche');
  assert.is(name('='), '=');
  assert.is([...(name('x'.repeat(200)) ?? '')].length, 60);
  assert.is(name('\u200B \u202E'), undefined);
});

nearby('what is malformed is passed over', () => {
  const id = `id=${KITCHEN}`;
  const rows: Said[] = [
    { text: 'v=1' },
    { text: [] },
    { text: ['v=1', id] },
    { text: ['v=x', id, 'n=a'] },
    { text: ['v=0', id, 'n=a'] },
    { text: ['v=1000', id, 'n=a'] },
    { text: ['v=1', 'id=short', 'n=a'] },
    { text: ['v=1', `id=${'A'.repeat(43)}`, 'n=a'] },
    { text: ['v=1', 'id=<script>alert(1)', 'n=a'] },
    { text: ['v=1', id, Uint8Array.of(0x6e, 0x3d, 0xff, 0xfe)] },
    { text: ['v=1', id, 'n=a', 'role=boss'] },
    { port: 0 },
    { port: 70_000 },
    { port: 'x' },
    { service: '_http._tcp.local' },
  ];
  for (const row of rows) assert.equal(heard([said(row)]).rooms, [], JSON.stringify(row));
  const bare: Packet = { type: 'response', questions: [], answers: [], additionals: [] };
  const pointer = { type: 'PTR', name: SERVICE_NAME, ttl: 120, data: null };
  for (const answers of [
    [],
    [pointer],
    [
      { ...pointer, data: 'x' },
      { type: 'SRV', name: 'x', ttl: 1, data: null },
    ],
  ])
    assert.equal(heard([{ ...bare, answers }]).rooms, []);
  assert.equal(heard([{ ...said(), type: 'query' }]).rooms, []);
});

nearby('a room is gone when it says goodbye where it was, and not when another computer says so', () => {
  const seen = heard([said(), '127.0.0.2'], [said(), '127.0.0.3']);
  seen.take(said({ ttl: 0 }), '127.0.0.9', near, 0);
  assert.is(seen.rooms[0]?.addresses.length, 2);
  seen.take(said({ ttl: 0 }), '127.0.0.2', near, 0);
  assert.equal(seen.rooms[0]?.addresses, ['127.0.0.3:4870']);
  seen.take(said({ ttl: 0 }), '127.0.0.3', near, 0);
  assert.equal(seen.rooms, []);
});

nearby('a room that is silent for 75 seconds is gone, and one that speaks again stays where it was', () => {
  const seen = heard([said(), '127.0.0.2'], [said({ prefix: GARDEN, text: ['v=1', `id=${GARDEN}`, 'n=G'] })]);
  seen.take(said(), '127.0.0.2', near, 60_000);
  seen.forget(74_999);
  assert.equal(
    seen.rooms.map(({ prefix }) => prefix),
    [KITCHEN, GARDEN],
  );
  seen.forget(75_001);
  assert.equal(
    seen.rooms.map(({ prefix }) => prefix),
    [KITCHEN],
  );
});

nearby('somebody who claims a room under another name does not rename it', () => {
  const { rooms } = heard(
    [said(), '127.0.0.2'],
    [said({ text: ['v=1', `id=${KITCHEN}`, 'n=Come here instead'] }), '127.0.0.3'],
  );
  assert.equal(
    rooms.map(({ name }) => name),
    ['The Kitchen'],
  );
});

nearby('our own room is none nearby', () => {
  const seen = new RoomsSeen((prefix) => prefix === KITCHEN);
  seen.take(said(), '127.0.0.1', near, 0);
  assert.equal(seen.rooms, []);
});

nearby('a flood fills neither the list nor the memory', () => {
  const seen = new RoomsSeen(() => false);
  for (let i = 0; i < 5_000; i += 1) {
    const prefix = String(i).padStart(16, 'F');
    seen.take(said({ prefix }), `127.0.1.${i % 250}`, near, 0);
  }
  assert.is(seen.rooms.length, 200);
  assert.ok(seen.addressesOf(() => true).length <= 800);
  const many = heard([said({ addresses: Array.from({ length: 50 }, (_, i) => `127.0.1.${i}`) })]);
  assert.ok((many.rooms[0]?.addresses.length ?? 0) <= 12);
});

nearby('one computer that says a lot keeps nobody else from being heard', () => {
  const seen = heard([said(), '127.0.0.2']);
  const lies = Array.from({ length: 50 }, (_, i) => `127.0.2.${i}`);
  for (let i = 0; i < 900; i += 1) {
    const prefix = i % 2 === 0 ? GARDEN : String(i).padStart(16, 'F');
    const instance = `${i}.${SERVICE_NAME}`;
    const text = ['v=1', `id=${prefix}`, 'n=Lie'];
    seen.take(said({ prefix, instance, text, addresses: lies, port: 4_000 + i }), '127.0.0.9', near, i);
  }
  assert.ok(seen.rooms.length <= 17);
  const garden = ['v=1', `id=${GARDEN}`, 'n=Garden'];
  seen.take(said({ prefix: GARDEN, text: garden }), '127.0.0.3', near, 1_000);
  const where = seen.addressesOf((prefix) => prefix === GARDEN);
  assert.ok(where.length > 40);
  assert.ok(where.indexOf('127.0.0.3:4870') < 2, 'each in turn');
  assert.is(seen.rooms[0]?.name, 'The Kitchen', 'what was heard before is still there');
  assert.ok(seen.rooms.some(({ addresses }) => addresses.includes('127.0.0.3:4870')));
});

nearby('when the memory is full, the computer that says most loses its oldest', () => {
  const seen = new RoomsSeen(() => false);
  for (let i = 0; i < 800; i += 1) {
    const [prefix, from] = [String(i).padStart(16, 'F'), `127.0.1.${Math.floor(i / 16)}`];
    seen.take(said({ prefix, text: ['role=seen', `id=${prefix}`, 'at=10.1.1.1:1'] }), from, near, i);
  }
  seen.take(said(), '127.0.0.2', near, 1_000);
  assert.is(seen.rooms.length, 1);
  assert.equal(
    seen.addressesOf((prefix) => prefix === '0'.padStart(16, 'F')),
    [],
  );
});

nearby('members hint at where a room was seen, which is no room in the list', () => {
  const hint = (at: string) =>
    heard([said({ instance: `seen-1.${SERVICE_NAME}`, text: ['role=seen', `id=${KITCHEN}`, `at=${at}`] })]);
  assert.equal(hint('192.168.7.7:4871').rooms, []);
  assert.equal(
    hint('192.168.7.7:4871').addressesOf((prefix) => prefix === KITCHEN),
    ['192.168.7.7:4871'],
  );
  assert.equal(
    hint('192.168.7.7:4871').addressesOf((prefix) => prefix === GARDEN),
    [],
  );
  // Nobody on the network shall make us knock at the Internet, or at a name.
  for (const at of ['203.0.113.5:80', 'example.com:4870', '[2001:db8::1]:4870', 'x y', ''])
    assert.equal(
      hint(at).addressesOf(() => true),
      [],
      at,
    );
});

nearby('where a room says that it is comes before what others say', () => {
  const seen = heard(
    [said({ instance: `seen-1.${SERVICE_NAME}`, text: ['role=seen', `id=${KITCHEN}`, 'at=10.1.1.1:4871'] })],
    [said(), '127.0.0.2'],
  );
  assert.equal(
    seen.addressesOf(() => true),
    ['127.0.0.2:4870', '10.1.1.1:4871'],
  );
});

nearby.run();
