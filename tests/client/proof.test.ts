import { createHash, createHmac, hkdfSync, scryptSync } from 'node:crypto';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  clientProof,
  equal,
  keysOf,
  proofHolds,
  secretOfCode,
  serverSignature,
  transcript,
  type Exchange,
} from '../../server/client/proof.ts';
import { fromBase64url, toBase64url } from '../../server/protocol/base64url.ts';
import {
  HostNotProven,
  makeCodeCredential,
  makeCredential,
  prove,
  type Stretch,
  type StretchOptions,
} from '../../server/client/signing-in.ts';
import type { ProofPurpose, ResultOf } from '../../server/protocol/commands.ts';
import { SalonError } from '../../server/protocol/errors.ts';

/** The same arithmetic once more, by Node's own cryptography. */
const hmac = (key: Uint8Array, text: string | Uint8Array) => createHmac('sha256', key).update(text).digest();
const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest();
const hex = (data: Uint8Array) => Buffer.from(data).toString('hex');

const nativeStretch: Stretch = async (password, salt, { log2N, r, p }) =>
  Promise.resolve(scryptSync(password, salt, 32, { N: 2 ** log2N, r, p, maxmem: 512 * 1024 * 1024 }));
const cheapStretch: Stretch = async (password, salt) => Promise.resolve(hmac(salt, password));

const exchange: Exchange = {
  purpose: 'signIn',
  usernameKey: 'élodie',
  clientNonce: new Uint8Array(24).fill(1),
  serverNonce: new Uint8Array(24).fill(2),
  algorithm: 'scrypt',
  log2N: 17,
  r: 8,
  p: 1,
  salt: new Uint8Array(16).fill(3),
  binding: { type: 'none', value: new Uint8Array(0) },
};

const proofs = suite('The password proof');

proofs('signs these very bytes, which every client and host must agree on', () => {
  const part = (bytes: string) => (bytes.length / 2).toString(16).padStart(8, '0') + bytes;
  const text = (plain: string) => part(Buffer.from(plain).toString('hex'));
  const expected =
    text('salon-auth-1') +
    text('signIn') +
    text('élodie') +
    part('01'.repeat(24)) +
    part('02'.repeat(24)) +
    text('scrypt,17,8,1') +
    part('03'.repeat(16)) +
    text('none') +
    part('');
  assert.is(hex(transcript(exchange)), expected);
  assert.is(hex(sha256(transcript(exchange))), TRANSCRIPT_SHA256);
});
const TRANSCRIPT_SHA256 = 'e8f11a183e38d4df8856498a2eb71fe8ba750688f59c6bac3d1caa56fb1d6720';

proofs('is what Node’s own cryptography makes of the same secret', () => {
  const secret = sha256(Buffer.from('a stretched secret'));
  const clientKey = hmac(secret, 'Client Key');
  const storedKey = sha256(clientKey);
  const serverKey = hmac(secret, 'Server Key');
  const keys = keysOf(secret);
  assert.equal(
    [keys.clientKey, keys.storedKey, keys.serverKey].map(hex),
    [clientKey, storedKey, serverKey].map(hex),
  );

  const signed = transcript(exchange);
  const mask = hmac(storedKey, signed);
  const proof = clientProof(keys, signed);
  assert.is(hex(proof), hex(clientKey.map((byte, i) => byte ^ mask[i]!)));
  assert.is(hex(serverSignature(keys.serverKey, signed)), hex(hmac(serverKey, signed)));
  assert.is(hex(proof), '16d9471a66a68b8f834a30055e5a01adbc7a92c12bde8fc7177304b268ecf6a6');
  assert.ok(proofHolds(proof, keys.storedKey, signed));
});

proofs('of a code comes from HKDF', () => {
  const salt = new Uint8Array(16).fill(9);
  const expected = hkdfSync('sha256', '0123456789ABCDEFGHJKMNPQR', salt, 'salon-code-1', 32);
  assert.is(hex(secretOfCode('0123456789ABCDEFGHJKMNPQR', salt)), hex(new Uint8Array(expected)));
});

proofs('of a password comes from scrypt at 128 MiB, over its composed form in UTF-8', async () => {
  const credential = await makeCredential('Cafe\u0301\u3000noir', nativeStretch);
  const salt = Buffer.from(credential.salt, 'base64url');
  assert.is(salt.length, 16);
  const secret = scryptSync(Buffer.from('Café noir'), salt, 32, {
    N: 131_072,
    r: 8,
    p: 1,
    maxmem: 512 * 1024 * 1024,
  });
  const storedKey = sha256(hmac(secret, 'Client Key')).toString('base64url');
  const serverKey = hmac(secret, 'Server Key').toString('base64url');
  assert.equal(credential, {
    algorithm: 'scrypt',
    log2N: 17,
    r: 8,
    p: 1,
    salt: credential.salt,
    storedKey,
    serverKey,
  });
});

proofs('does not hold with one bit changed, for another exchange or another secret', () => {
  const keys = keysOf(sha256(Buffer.from('secret')));
  const signed = transcript(exchange);
  const proof = clientProof(keys, signed);
  for (let bit = 0; bit < 256; bit += 1) {
    const changed = proof.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    assert.not.ok(proofHolds(changed, keys.storedKey, signed));
  }
  assert.not.ok(proofHolds(proof, keys.storedKey, transcript({ ...exchange, purpose: 'reauth' })));
  assert.not.ok(
    proofHolds(clientProof(keysOf(sha256(Buffer.from('other'))), signed), keys.storedKey, signed),
  );
  // Whoever has only what the host keeps cannot make one.
  assert.not.ok(
    proofHolds(clientProof({ ...keys, clientKey: keys.storedKey }, signed), keys.storedKey, signed),
  );
});

proofs('signs no two exchanges alike', () => {
  const bytes = fc.uint8Array({ maxLength: 8 });
  const word = fc.string({ unit: fc.constantFrom('a', 'b', ',', '1', '\0'), maxLength: 6 });
  const any = fc.record({
    purpose: fc.constantFrom<ProofPurpose>('signIn', 'reauth', 'recovery', 'reset'),
    usernameKey: word,
    clientNonce: bytes,
    serverNonce: bytes,
    algorithm: fc.constantFrom<Exchange['algorithm']>('scrypt', 'hkdf'),
    log2N: fc.nat({ max: 30 }),
    r: fc.nat({ max: 30 }),
    p: fc.nat({ max: 30 }),
    salt: bytes,
    binding: fc.record({ type: word, value: bytes }),
  });
  const asText = (each: Exchange) =>
    JSON.stringify(each, (_, value: unknown) => (value instanceof Uint8Array ? hex(value) : value));
  fc.assert(
    fc.property(
      any,
      any,
      (one, other) => equal(transcript(one), transcript(other)) === (asText(one) === asText(other)),
    ),
    { numRuns: 2_000 },
  );
});

proofs('travels as base64url without loss', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (data) => {
      const text = toBase64url(data);
      return text === Buffer.from(data).toString('base64url') && equal(fromBase64url(text), data);
    }),
  );
});

type Challenge = ResultOf<'proof.start'>;

/** A host that answers as it pleases, and what the client sent it. */
function host(
  challenge: Partial<Challenge>,
  finish: (proof: string) => string = () => toBase64url(new Uint8Array(32)),
) {
  const sent: unknown[] = [];
  const answers = {
    'proof.start': () => ({
      serverNonce: 'A'.repeat(32),
      algorithm: 'scrypt' as const,
      log2N: 17,
      r: 8,
      p: 1,
      salt: 'A'.repeat(22),
      ...challenge,
    }),
    'proof.finish': (input: { proof: string }) => ({ serverSignature: finish(input.proof), signedIn: null }),
  };
  const ask = (command: keyof typeof answers, input: { proof: string }) => {
    sent.push([command, input]);
    return Promise.resolve(answers[command](input));
  };
  return { sent, connection: { ask } as unknown as Parameters<typeof prove>[0] };
}

const SECRET = '0123456789ABCDEFGHJKMNPQR';

const attempt = (
  purpose: ProofPurpose,
  connection: Parameters<typeof prove>[0],
  stretch: Stretch = cheapStretch,
  binding: Uint8Array | null = null,
) =>
  prove(connection, { purpose, username: 'Ada', secret: SECRET, device: '' }, stretch, binding).then(
    () => 'proven',
    (error: unknown) =>
      error instanceof SalonError
        ? error.code
        : error instanceof HostNotProven
          ? 'HostNotProven'
          : String(error),
  );

const hosts = suite('A host');

hosts('that asks for a stretching too cheap or too dear gets no proof to guess at', async () => {
  const rows: [ProofPurpose, Partial<Challenge>][] = [
    ['signIn', { log2N: 14 }],
    ['signIn', { log2N: 1 }],
    ['signIn', { log2N: 0 }],
    ['signIn', { log2N: -17 }],
    ['signIn', { log2N: 19 }],
    ['signIn', { log2N: 1e9 }],
    ['signIn', { log2N: 15.5 }],
    ['signIn', { r: 1 }],
    ['signIn', { r: 1_000 }],
    ['signIn', { p: 0 }],
    ['signIn', { p: 4 }],
    ['signIn', { p: 1.5 }],
    ['signIn', { algorithm: 'hkdf', log2N: 0, r: 0, p: 0 }],
    ['reauth', { algorithm: 'hkdf', log2N: 0, r: 0, p: 0 }],
    ['recovery', {}],
    ['reset', {}],
  ];
  for (const [purpose, challenge] of rows) {
    const { sent, connection } = host(challenge);
    let stretched = 0;
    const counting: Stretch = (...args) => ((stretched += 1), cheapStretch(...args));
    assert.is(
      await attempt(purpose, connection, counting),
      'HostNotProven',
      JSON.stringify([purpose, challenge]),
    );
    assert.equal([sent.length, stretched], [1, 0]);
  }
});

hosts('that knows nothing of the account cannot pass for the one that does', async () => {
  for (const signature of ['A'.repeat(43), ''])
    assert.is(await attempt('signIn', host({}, () => signature).connection), 'HostNotProven');
  // Not even by sending the proof back.
  assert.is(await attempt('signIn', host({}, (proof) => proof).connection), 'HostNotProven');
  assert.is(await attempt('recovery', host({ algorithm: 'hkdf' }).connection), 'HostNotProven');
});

hosts(
  'that is at the end of another channel than the client cannot answer, nor use what it got',
  async () => {
    const salt = new Uint8Array(16);
    const keys = keysOf(await cheapStretch(Buffer.from(SECRET), salt, { log2N: 17, r: 8, p: 1 }));
    const [mine, other] = [new Uint8Array(32).fill(7), new Uint8Array(32).fill(8)];
    // Whoever stands in between has one channel to the client and another to the host that keeps the keys.
    const hostOn = (type: string, value: Uint8Array) => {
      const made = host({}, (proof) => {
        const [, start] = made.sent[0] as [string, { clientNonce: string }];
        const signed = transcript({
          ...exchange,
          usernameKey: 'ada',
          clientNonce: fromBase64url(start.clientNonce),
          serverNonce: new Uint8Array(24),
          salt,
          binding: { type, value },
        });
        holds.push(proofHolds(fromBase64url(proof), keys.storedKey, signed));
        return toBase64url(serverSignature(keys.serverKey, signed));
      });
      return made;
    };
    const holds: boolean[] = [];
    const same = hostOn('tls-exporter', mine);
    assert.is(await attempt('signIn', same.connection, cheapStretch, mine), 'proven');
    assert.is((same.sent[0] as [string, { binding: string }])[1].binding, 'tls-exporter');
    assert.is(
      await attempt('signIn', hostOn('tls-exporter', other).connection, cheapStretch, mine),
      'HostNotProven',
    );
    assert.is(
      await attempt('signIn', hostOn('none', new Uint8Array(0)).connection, cheapStretch, mine),
      'HostNotProven',
    );
    const page = hostOn('none', new Uint8Array(0));
    assert.is(await attempt('signIn', page.connection, cheapStretch, null), 'proven');
    assert.is((page.sent[0] as [string, { binding: string }])[1].binding, 'none');
    assert.equal(holds, [true, false, false, true]);
  },
);

hosts('gets other keys for the same password and the same code each time', async () => {
  const options: StretchOptions = { log2N: 15, r: 8, p: 1 };
  const made = [
    await makeCredential('lampe-de-chevet', cheapStretch, options),
    await makeCredential('lampe-de-chevet', cheapStretch, options),
    makeCodeCredential('0123456789AB'),
    makeCodeCredential('0123456789AB'),
  ];
  assert.is(new Set(made.flatMap(({ salt, storedKey, serverKey }) => [salt, storedKey, serverKey])).size, 12);
  assert.is(made[0]?.algorithm === 'scrypt' && made[0].log2N, 15);
});

proofs.run();
hosts.run();
