// PROTOCOL.md says what the program does: its examples are checked here, and the program's names are looked for in it.
import { createHash, createHmac, hkdfSync, scryptSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import { readCode } from '../../server/client/codes.ts';
import {
  clientProof,
  keysOf,
  proofHolds,
  secretOfCode,
  serverSignature,
  transcript,
} from '../../server/client/proof.ts';
import { ALLOWANCES } from '../../server/limits.ts';
import { COMMANDS, isCommandName, ProofPurpose, type CommandName } from '../../server/protocol/commands.ts';
import { AuditAction, CodeCredential, Credential, LIMITS } from '../../server/protocol/entities.ts';
import { isRefusalCode, REFUSALS } from '../../server/protocol/errors.ts';
import { LogEvent, Signal } from '../../server/protocol/events.ts';
import {
  check,
  CLOSE,
  decodeAsk,
  decodeHostFrame,
  GoodbyeReason,
  HostFrame,
} from '../../server/protocol/frames.ts';
import { MOST_ADDRESSES } from '../../server/protocol/invite.ts';
import { usernameKey } from '../../server/protocol/names.ts';
import { preparePassword } from '../../server/protocol/prepared-password.ts';

const text = readFileSync(
  fileURLToPath(new URL('../../server/protocol/PROTOCOL.md', import.meta.url)),
  'utf8',
);

interface Fence {
  /** What stands behind the three backticks: `exchange`, `json Credential` … */
  info: string;
  body: string;
}

const fences: Fence[] = [...text.matchAll(/^```(.*)\n([^]*?)^```$/gm)].map(([, info = '', body = '']) => ({
  info,
  body,
}));
const exchanges = fences.filter(({ info }) => info === 'exchange').map(({ body }) => framesOf(body));
const rows = text
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) =>
    line
      .slice(2, -1)
      .split(' | ')
      .map((cell) => cell.trim()),
  );

const protocol = suite('PROTOCOL.md');

protocol('shows nothing that is not checked here', () => {
  for (const { info, body } of fences) {
    assert.ok(
      ['', 'exchange', 'json Credential', 'json CodeCredential', 'json vector'].includes(info),
      `unknown: ${info}`,
    );
    // Formulas have no mark, and no JSON.
    if (info === '') assert.not.match(body, /[{}→←]/);
  }
  assert.ok(exchanges.length > 20);
});

protocol('has examples that the program understands, and would give', () => {
  for (const exchange of exchanges) {
    const asked = new Map<number, CommandName>();
    for (const { byHost, json } of exchange) {
      if (byHost) checkHostFrame(json, asked);
      else {
        const ask = decodeAsk(json);
        assert.equal(ask, JSON.parse(json));
        assert.ok(isCommandName(ask.command), ask.command);
        assert.not.ok(asked.has(ask.id), `${ask.id} is asked twice`);
        asked.set(ask.id, ask.command);
      }
    }
  }
});

protocol(
  'has an example of every command with its answer, and of every kind of frame, event and signal',
  () => {
    const answered = new Set<string>();
    const said = new Set<string>();
    for (const exchange of exchanges) {
      const asked = new Map<number, string>();
      for (const { byHost, json } of exchange) {
        if (!byHost) {
          const { id, command } = decodeAsk(json);
          asked.set(id, command);
          continue;
        }
        const frame = decodeHostFrame(json);
        said.add(frame.t);
        if (frame.t === 'answer') answered.add(asked.get(frame.id) ?? '');
        if (frame.t === 'event') said.add(frame.event.type);
        if (frame.t === 'signal') said.add(frame.signal.type);
      }
    }
    assert.equal(missing(Object.keys(COMMANDS), answered), []);
    const kinds = [HostFrame, LogEvent, Signal].flatMap((schema) => tagsOf(schema));
    assert.equal(missing(kinds, said), []);
  },
);

protocol('has every command in its table, with who may ask it and on which allowance it draws', () => {
  const told = rows.filter(([name = '']) => isCommandName(bare(name)));
  assert.equal(
    Object.fromEntries(told.map(([name = '', who, allowance]) => [bare(name), { who, allowance }])),
    Object.fromEntries(
      Object.entries(COMMANDS).map(([name, { who, allowance }]) => [name, { who, allowance }]),
    ),
  );
  for (const [name = '', , , input = '', result = ''] of told) {
    const command = COMMANDS[bare(name) as CommandName];
    for (const field of Object.keys(command.input.entries))
      assert.ok(input.includes(`\`${field}\``), `${name}: ${field}`);
    if (!('entries' in command.result) || result.includes('as of') || result.startsWith('a conversation'))
      continue;
    for (const field of Object.keys(command.result.entries))
      assert.ok(result.includes(`\`${field}\``), `${name}: ${field}`);
  }
});

protocol('has every refusal in its table, and whether to try again', () => {
  const told = rows.filter(([code = '', retry = '']) => /^`[A-Z_]+`$/.test(code) && /^(yes|no)$/.test(retry));
  assert.equal(
    Object.fromEntries(told.map(([code = '', retry]) => [bare(code), retry === 'yes'])),
    Object.fromEntries(Object.entries(REFUSALS).map(([code, { retry }]) => [code, retry])),
  );
});

protocol('has every close code, reason to say goodbye, purpose, allowance and word of the journal', () => {
  const codes = rows.flatMap(([code = '']) => (/^\d{4}$/.test(code) ? [Number(code)] : []));
  // The WebSocket library's own.
  assert.equal(
    new Set(codes),
    new Set([...Object.values(CLOSE), 1002, 1008, 1009].toSorted((a, b) => a - b)),
  );
  const names = [...GoodbyeReason.options, ...ProofPurpose.options, ...AuditAction.options].map(
    (name) => `\`${name}\``,
  );
  assert.equal(missing(names, text), []);
  for (const [name, { burst, perSecond }] of Object.entries(ALLOWANCES)) {
    assert.ok(text.includes(`| ${name} | ${burst} | ${perSecond} |`), name);
  }
});

protocol('has the limits right', () => {
  const count = (number: number) => number.toLocaleString('en');
  const {
    frameBytes,
    bodyCharacters,
    bodyBytes,
    usernameCharacters,
    personNameCharacters,
    sessionsPerMember,
  } = LIMITS;
  for (const sentence of [
    `at most ${count(frameBytes)} bytes`,
    `${count(bodyCharacters)} characters or ${count(bodyBytes)} bytes`,
    `has 1 to ${usernameCharacters} characters`,
    `1 to ${personNameCharacters} characters`,
    `at most ${sessionsPerMember} sessions`,
    `at most ${LIMITS.directMembers} members`,
    `\`limit\` (1 to ${LIMITS.pageEvents})`,
    `(up to ${LIMITS.unreadCount})`,
    `at most ${LIMITS.liveInvites} that can be used`,
    `number of addresses, at most ${MOST_ADDRESSES},`,
    `at most ${count(LIMITS.fileWriteBytes)} of them`,
    `from \`offset\` on, ${count(LIMITS.fileReadBytes)} bytes`,
    `one file | ${count(LIMITS.fileBytes)} bytes`,
    `all files of one member | ${count(LIMITS.memberFileBytes)} bytes`,
    `each as ${count(LIMITS.leastFileBytes)} bytes`,
    `beyond ${count(LIMITS.picturePixels)} pixels`,
    `shortened to ${LIMITS.fileNameCharacters} characters and ${LIMITS.fileNameBytes} bytes`,
  ]) {
    assert.ok(text.replaceAll('\n', ' ').includes(sentence), sentence);
  }
});

protocol('shows credentials that the host takes', () => {
  assert.equal(check(Credential, fenceOf('json Credential')), fenceOf('json Credential'));
  assert.equal(check(CodeCredential, fenceOf('json CodeCredential')), fenceOf('json CodeCredential'));
});

const Vector = v.strictObject({
  purpose: ProofPurpose,
  username: v.string(),
  usernameKey: v.string(),
  typed: v.string(),
  prepared: v.string(),
  algorithm: v.picklist(['scrypt', 'hkdf']),
  log2N: v.number(),
  r: v.number(),
  p: v.number(),
  salt: v.string(),
  clientNonce: v.string(),
  serverNonce: v.string(),
  /** Of A11a; empty for `none`. */
  binding: v.string(),
  K: v.string(),
  clientKey: v.string(),
  storedKey: v.string(),
  serverKey: v.string(),
  transcript: v.string(),
  proof: v.string(),
  serverSignature: v.string(),
});
type Vector = v.InferOutput<typeof Vector>;

const vectors = fences
  .filter(({ info }) => info === 'json vector')
  .map(({ body }) => check(Vector, JSON.parse(body)));

const bindingTypeOf = ({ binding }: Vector) => (binding === '' ? 'none' : 'tls-exporter');

protocol('has vectors that the program agrees with', () => {
  assert.equal(
    vectors.map(({ algorithm }) => algorithm),
    ['scrypt', 'hkdf'],
  );
  for (const vector of vectors) {
    const { purpose, algorithm, log2N, r, p } = vector;
    assert.is(
      algorithm === 'scrypt' ? preparePassword(vector.typed) : readCode(vector.typed),
      vector.prepared,
    );
    assert.is(usernameKey(vector.username), vector.usernameKey);
    const salt = bytes(vector.salt);
    const secret = algorithm === 'scrypt' ? stretched(vector) : secretOfCode(vector.prepared, salt);
    const keys = keysOf(secret);
    const signed = transcript({
      ...{ purpose, algorithm, log2N, r, p, salt, usernameKey: vector.usernameKey },
      clientNonce: bytes(vector.clientNonce),
      serverNonce: bytes(vector.serverNonce),
      binding: { type: bindingTypeOf(vector), value: bytes(vector.binding) },
    });
    const proof = clientProof(keys, signed);
    assert.equal(
      [
        secret,
        keys.clientKey,
        keys.storedKey,
        keys.serverKey,
        signed,
        proof,
        serverSignature(keys.serverKey, signed),
      ].map(hex),
      results(vector),
    );
    assert.ok(proofHolds(proof, keys.storedKey, signed));
  }
});

protocol('has vectors that follow from what it says, without the program', () => {
  for (const vector of vectors) {
    const { purpose, algorithm, prepared, log2N, r, p } = vector;
    const salt = bytes(vector.salt);
    const K =
      algorithm === 'scrypt'
        ? stretched(vector)
        : Buffer.from(hkdfSync('sha256', prepared, salt, 'salon-code-1', 32));
    const clientKey = hmac(K, 'Client Key');
    const storedKey = createHash('sha256').update(clientKey).digest();
    const serverKey = hmac(K, 'Server Key');
    const parts = [
      ...['salon-auth-1', purpose, vector.usernameKey, bytes(vector.clientNonce), bytes(vector.serverNonce)],
      ...[`${algorithm},${log2N},${r},${p}`, salt, bindingTypeOf(vector), bytes(vector.binding)],
    ];
    const signed = Buffer.concat(
      parts.flatMap((part) => [bigEndian(Buffer.from(part).length), Buffer.from(part)]),
    );
    const pad = hmac(storedKey, signed);
    const proof = clientKey.map((byte, i) => byte ^ (pad[i] ?? 0));
    assert.equal(
      [K, clientKey, storedKey, serverKey, signed, proof, hmac(serverKey, signed)].map(hex),
      results(vector),
    );
  }
});

protocol('signs in by its first vector in its examples', () => {
  const [vector] = vectors;
  assert.ok(vector);
  const told = exchanges.flat().map(({ json }) => json);
  for (const name of ['clientNonce', 'serverNonce', 'salt', 'proof', 'serverSignature'] as const) {
    const value = `"${name}":"${Buffer.from(vector[name], 'hex').toString('base64url')}"`;
    assert.ok(told.filter((json) => json.includes(value)).length >= 2, value);
  }
});

protocol.run();

interface Told {
  byHost: boolean;
  json: string;
}

/** Each begins with an arrow, and goes on in lines that begin with spaces. */
function framesOf(body: string): Told[] {
  const frames: Told[] = [];
  for (const line of body.trimEnd().split('\n')) {
    const last = frames.at(-1);
    if (/^[→←] \{/.test(line)) frames.push({ byHost: line.startsWith('←'), json: line.slice(2) });
    else if (last !== undefined && line.startsWith('    ')) last.json += line.trimStart();
    else throw new Error(`neither a frame nor the rest of one: ${line}`);
  }
  return frames;
}

function checkHostFrame(json: string, asked: ReadonlyMap<number, CommandName>): void {
  const frame = decodeHostFrame(json);
  // Nothing more in it than the schema has.
  assert.equal(frame, JSON.parse(json));
  if (frame.t === 'answer') {
    const command = asked.get(frame.id);
    assert.ok(command, `${frame.id} was not asked`);
    assert.equal(check(COMMANDS[command].result, frame.result), frame.result);
  }
  if (frame.t === 'refused') {
    assert.ok(isRefusalCode(frame.code), frame.code);
    const { retry, en, fr } = REFUSALS[frame.code];
    assert.is(frame.retry, retry);
    assert.ok(frame.text === en || frame.text === fr, frame.text);
    assert.ok(frame.id === null || asked.has(frame.id));
  }
}

/** By which words the kinds of a variant are told apart. */
function tagsOf(schema: typeof HostFrame | typeof LogEvent | typeof Signal): string[] {
  return schema.options.map(({ entries }) => ('t' in entries ? entries.t.literal : entries.type.literal));
}

function missing(wanted: readonly string[], present: { has(name: string): boolean } | string): string[] {
  return wanted.filter((name) => !(typeof present === 'string' ? present.includes(name) : present.has(name)));
}

function fenceOf(info: string): unknown {
  return JSON.parse(fences.find((fence) => fence.info === info)?.body ?? '');
}

function stretched({ prepared, salt, log2N, r, p }: Vector): Uint8Array {
  return scryptSync(prepared, bytes(salt), 32, { N: 2 ** log2N, r, p, maxmem: 256 * 1024 * 1024 });
}

function results(vector: Vector): string[] {
  return [
    ...[vector.K, vector.clientKey, vector.storedKey, vector.serverKey],
    ...[vector.transcript, vector.proof, vector.serverSignature],
  ];
}

function hmac(key: Uint8Array, message: string | Uint8Array): Buffer {
  return createHmac('sha256', key).update(message).digest();
}

function bigEndian(length: number): Buffer {
  const field = Buffer.alloc(4);
  field.writeUInt32BE(length);
  return field;
}

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
const hex = (data: Uint8Array) => Buffer.from(data).toString('hex');
const bare = (name: string) => name.replaceAll('`', '');
