import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { toBase64url } from '../../server/protocol/base64url.ts';
import {
  findJoin,
  groupSpoken,
  MOST_ADDRESSES,
  readJoinCode,
  readSpoken,
  salonLink,
  spokenMeans,
  spokenSecret,
  UnreadableCode,
  webLink,
  writeJoinCode,
  writeSpoken,
  type JoinCode,
} from '../../server/protocol/invite.ts';

const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const code: JoinCode = {
  fingerprint: toBase64url(Uint8Array.from({ length: 32 }, (_, i) => i * 7)),
  addresses: [
    { host: '192.168.1.24', port: 4870 },
    { host: 'fd00:0:0:0:0:0:0:2', port: 4870 },
    { host: 'pc-amélie.local', port: 4870 },
  ],
  id: '01HZZZZZZZZZZZZZZZZZZZZZZZ',
  secret: toBase64url(Uint8Array.from({ length: 16 }, (_, i) => 255 - i)),
  role: 'member',
  expiresAt: 1_800_000_000_000,
  uses: 30,
  room: 'Petit Théâtre',
};
const text = writeJoinCode(code);

const anyBytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => toBase64url(bytes));
const anyHost = fc.oneof(
  fc.ipV4(),
  fc
    .uint8Array({ minLength: 8, maxLength: 8 })
    .map((groups) => [...groups].map((n) => n.toString(16)).join(':')),
  fc.stringMatching(/^[a-z][a-z0-9]{0,20}$/),
);
const anyCode: fc.Arbitrary<JoinCode> = fc
  .record({
    fingerprint: anyBytes(32),
    hosts: fc.array(anyHost, { maxLength: MOST_ADDRESSES }),
    port: fc.integer({ min: 1, max: 65_535 }),
    id: fc
      .tuple(
        fc.constantFrom(...LETTERS.split('').slice(0, 8)),
        fc.array(fc.constantFrom(...LETTERS.split('')), { minLength: 25, maxLength: 25 }),
      )
      .map(([first, rest]) => first + rest.join('')),
    secret: anyBytes(16),
    role: fc.constantFrom('member' as const, 'guest' as const, 'owner' as const),
    expiresAt: fc.option(fc.integer({ min: 1, max: 2 ** 32 - 1 }).map((seconds) => seconds * 1000)),
    uses: fc.option(fc.integer({ min: 1, max: 1_000 })),
    room: fc.string({ maxLength: 60, unit: 'grapheme' }),
  })
  .map(({ hosts, port, ...rest }) => ({ ...rest, addresses: hosts.map((host) => ({ host, port })) }));

const invites = suite('A join code');

invites('carries the key, the addresses, the expiry, the role and the uses', () => {
  assert.equal(readJoinCode(text), code);
  assert.ok(salonLink(text).length < 260, 'short enough for a QR code that a phone reads across a table');
});

invites('says again what was put into it, whatever that was', () => {
  fc.assert(fc.property(anyCode, (any) => assert.equal(readJoinCode(writeJoinCode(any)), any)));
});

invites('is found in a link of every kind, in a letter, in a file, and broken over lines', () => {
  const door = { host: '192.168.1.24', port: 4870 };
  const broken = `${text.slice(0, 70)}\r\n${text.slice(70, 140)}\r\n${text.slice(140)}`;
  for (const typed of [
    text,
    `  ${text}\n`,
    salonLink(text),
    salonLink(text).toUpperCase().slice(0, 5) + salonLink(text).slice(5),
    webLink(text, 'encrypted', door),
    webLink(text, 'simple', door),
    `Come to ${salonLink(text)} at eight, and bring ${'cake'}`,
    `Venez : ${webLink(text, 'simple', door)}`,
    broken,
    `salon://join#${broken}`,
  ]) {
    const found = findJoin(typed);
    assert.is(found?.kind, 'code', typed);
    if (found?.kind === 'code') assert.equal(found.code, code);
  }
});

invites('with one letter changed, missing or too many is refused, and nothing ever crashes', () => {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const refused = (damaged: string) => {
    try {
      readJoinCode(damaged);
    } catch (error) {
      assert.instance(error, UnreadableCode);
      return;
    }
    assert.unreachable(`read: ${damaged}`);
  };
  for (let i = 0; i < text.length; i++) {
    refused(text.slice(0, i) + text.slice(i + 1));
    refused(text.slice(0, i));
    for (const letter of letters)
      if (letter !== text[i]) refused(text.slice(0, i) + letter + text.slice(i + 1));
  }
  refused(`${text}A`);
  refused(`${text}=`);
});

invites('damaged in any way at all is refused, and nothing ever crashes', () => {
  const damaged = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.base64String({ maxLength: 400 }),
    fc
      .tuple(fc.nat(text.length), fc.string({ minLength: 1, maxLength: 8 }))
      .map(([at, what]) => text.slice(0, at) + what + text.slice(at)),
    fc
      .tuple(fc.nat(text.length - 1), fc.nat(text.length - 1))
      .map(([a, b]) => text.slice(0, a) + text.slice(b)),
    fc.shuffledSubarray([...text]).map((some) => some.join('')),
  );
  fc.assert(
    fc.property(damaged, (typed) => {
      fc.pre(typed !== text);
      assert.throws(
        () => readJoinCode(typed),
        (error: unknown) => error instanceof UnreadableCode,
      );
      for (const all of [typed, `salon://join#${typed}`, `http://192.168.1.24:4870/#join=${typed}`]) {
        const found = findJoin(all);
        // Whatever stands around it, a code is found only where a whole one is.
        if (found?.kind === 'code') assert.is(found.text, text);
      }
    }),
    { numRuns: 3_000 },
  );
});

invites('whose bytes lie about their lengths is refused even when its checksum is right', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
      const body = Uint8Array.from([1, ...bytes]);
      try {
        readJoinCode(withChecksum(body));
      } catch (error) {
        assert.instance(error, UnreadableCode);
      }
    }),
    { numRuns: 3_000 },
  );
});

invites('of a version to come is told from a damaged one', () => {
  for (const version of [2, 3, 255]) {
    const newer = withChecksum(Uint8Array.from([version, ...randomBytes(90)]));
    assert.equal(findJoin(`salon://join#${newer}`), { kind: 'unreadable', why: 'newer' });
    assert.equal(findJoin(`salon://join#${newer.slice(1)}`), { kind: 'unreadable', why: 'damaged' });
  }
});

invites('keeps at most as many addresses as a QR code bears', () => {
  const many = Array.from({ length: 20 }, (_, i) => ({ host: `10.0.0.${i}`, port: 4870 }));
  assert.is(readJoinCode(writeJoinCode({ ...code, addresses: many })).addresses.length, MOST_ADDRESSES);
});

invites('can have a room name of any length, cut between letters', () => {
  const long = readJoinCode(writeJoinCode({ ...code, room: '🏠'.repeat(100) })).room;
  assert.is(long, '🏠'.repeat(63));
});

const spoken = suite('The short form of a join code');

const short = writeSpoken(
  Uint8Array.from({ length: 8 }, (_, i) => i * 31),
  code.fingerprint,
);

spoken('is sixteen letters in four groups, read in any case, with spaces, and with look-alikes', () => {
  assert.match(short, /^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
  const letters = short.replaceAll('-', '');
  for (const typed of [
    short,
    letters,
    short.toLowerCase(),
    short.replaceAll('-', ' '),
    letters.replaceAll('0', 'o'),
  ])
    assert.is(readSpoken(typed), letters);
  assert.is(groupSpoken(letters), short);
  assert.is(spokenSecret(letters).length, 12);
});

spoken('with one letter wrong, or two swapped, is refused nearly always', () => {
  const letters = short.replaceAll('-', '');
  let wrong = 0;
  let accepted = 0;
  for (let i = 0; i < letters.length; i++) {
    for (const letter of LETTERS) {
      if (letter === letters[i]) continue;
      wrong += 1;
      if (readSpoken(letters.slice(0, i) + letter + letters.slice(i + 1)) !== null) accepted += 1;
    }
  }
  assert.ok(accepted / wrong < 0.01, `${accepted} of ${wrong}`);
});

spoken('says which room nearby it may mean', () => {
  const letters = short.replaceAll('-', '');
  assert.ok(spokenMeans(letters, code.fingerprint));
  assert.ok(spokenMeans(letters, code.fingerprint.slice(0, 16)));
  const others = Array.from({ length: 2_000 }, () => toBase64url(randomBytes(32)));
  assert.ok(others.filter((other) => spokenMeans(letters, other)).length < 20);
});

spoken('is told from an address, alone and behind one', () => {
  const letters = short.replaceAll('-', '');
  assert.equal(findJoin(short), { kind: 'spoken', spoken: letters, address: null });
  assert.equal(findJoin(`192.168.1.24 ${short}`), {
    kind: 'spoken',
    spoken: letters,
    address: { host: '192.168.1.24', port: 4870 },
  });
  assert.equal(findJoin(`192.168.1.24:5000, ${short.replaceAll('-', ' ').toLowerCase()}`), {
    kind: 'spoken',
    spoken: letters,
    address: { host: '192.168.1.24', port: 5000 },
  });
  const wrong = (short[0] === 'A' ? 'B' : 'A') + short.slice(1);
  assert.equal(findJoin(wrong), { kind: 'unreadable', why: 'damaged' });
  assert.equal(findJoin(`192.168.1.24 ${wrong}`), { kind: 'unreadable', why: 'damaged' });
});

spoken('leaves addresses alone', () => {
  for (const typed of [
    '192.168.1.24',
    'pc-7.local:4871',
    '[fe80::1]:4870',
    'http://192.168.1.24:4870/',
    'salle-b-204',
    'bibliotheque.local',
  ])
    assert.is(findJoin(typed)?.kind, 'address', typed);
  for (const typed of ['', '   ', 'a b', 'user@example', '300.1.1.1'])
    assert.is(findJoin(typed), null, typed);
});

spoken('never crashes the search, whatever is typed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (typed) => {
      findJoin(typed);
      readSpoken(typed);
    }),
    { numRuns: 5_000 },
  );
});

/** A body with the checksum that fits, as only a maker of codes would write it. */
function withChecksum(body: Uint8Array): string {
  return toBase64url(Uint8Array.from([...body, ...checksumOf(body)]));
}

function checksumOf(body: Uint8Array): Uint8Array {
  // Taken from PROTOCOL.md, not from the code under test.
  return createHash('sha256').update(body).digest().subarray(0, 4);
}

invites.run();
spoken.run();
