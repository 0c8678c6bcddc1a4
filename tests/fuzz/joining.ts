import { createHash } from 'node:crypto';
import * as assert from 'uvu/assert';
import { joinText, pastedJoin } from '../../resources/state/join-text.ts';
import { formatAddress, parseAddress } from '../../server/protocol/address.ts';
import { fromBase64url, toBase64url } from '../../server/protocol/base64url.ts';
import {
  findJoin,
  MOST_ADDRESSES,
  readJoinCode,
  salonLink,
  UnreadableCode,
  writeJoinCode,
  writeSpoken,
} from '../../server/protocol/invite.ts';
import type { Target } from './guided.ts';

const code = writeJoinCode({
  fingerprint: toBase64url(Uint8Array.from({ length: 32 }, (_, i) => i * 7)),
  addresses: ['192.168.1.24', 'fd00::2', 'pc-7.local'].map((host) => ({ host, port: 4870 })),
  ...{ id: '01HZZZZZZZZZZZZZZZZZZZZZZZ', secret: toBase64url(new Uint8Array(16)), role: 'member' },
  ...{ expiresAt: 1_800_000_000_000, uses: 30, room: 'Petit Théâtre' },
});
const spoken = writeSpoken(
  Uint8Array.from({ length: 8 }, (_, i) => i * 31),
  'AQIDBAUGBwg',
);
const ADDRESSES = [
  '192.168.1.24',
  'pc-7.local:4871',
  '[fe80::1%eth0]:4870',
  'http://10.0.0.4:80/x?y#z',
  '::1',
];

/** What somebody typed, pasted or opened. */
export const joinTexts: Target = {
  name: 'texts to join by',
  files: ['server/protocol/invite.ts', 'server/protocol/address.ts', 'resources/state/join-text.ts'],
  seeds: [
    code,
    salonLink(code),
    `Come: ${salonLink(code)} at eight`,
    spoken,
    `192.168.1.24 ${spoken}`,
    ...ADDRESSES,
  ],
  words: [
    'salon://join#',
    '#join=',
    'https://',
    '-',
    ' ',
    '\r\n',
    '[',
    ']',
    '%',
    ':',
    'O',
    'I',
    '‐',
    ...ADDRESSES,
  ],
  run(input) {
    const typed = input.toString();
    const found = findJoin(typed);
    pastedJoin(typed);
    if (found === null || found.kind === 'unreadable') return;
    // What is shown in its place leads to the same; an address does with its port, without which it may look like a code.
    const shown = found.kind === 'address' ? formatAddress(found.address) : joinText(found);
    assert.equal(findJoin(shown), found);
  },
};

/** The bytes of a join code before its checksum, which no mutation would ever hit. */
export const joinCodes: Target = {
  name: 'join codes',
  files: ['server/protocol/invite.ts', 'server/protocol/base64url.ts'],
  seeds: [fromBase64url(code).slice(0, -4)],
  words: ['\u0001', '\u0000\u0000', '\u00ff', '\u0006', '\u0004', 'é', '\ud83d\ude00', '\u202e'],
  run(body) {
    const checksum = createHash('sha256').update(body).digest().subarray(0, 4);
    try {
      const read = readJoinCode(toBase64url(Buffer.concat([body, checksum])));
      assert.match(read.id, /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
      assert.ok(read.addresses.length <= MOST_ADDRESSES);
      assert.equal(readJoinCode(writeJoinCode(read)), read);
    } catch (error) {
      if (!(error instanceof UnreadableCode)) throw error;
    }
  },
};

/** Where a room may be. */
export const addresses: Target = {
  name: 'addresses',
  files: ['server/protocol/address.ts'],
  seeds: ADDRESSES,
  words: [':', '::', '.', '[', ']', '%', '/', '#', '@', '65536', '0', 'é', 'salon://', 'localhost'],
  run(input) {
    const address = parseAddress(input.toString());
    if (address === null) return;
    assert.ok(address.port >= 1 && address.port <= 65_535);
    assert.equal(parseAddress(formatAddress(address)), address);
    assert.not.match(address.host, /[\s/?#@[\]]/);
    // As long as DNS lets a label be.
    if (!address.host.includes(':')) assert.ok(address.host.split('.').every(({ length }) => length <= 63));
  },
};
