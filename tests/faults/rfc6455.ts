import { frameOf, OPCODE, type FrameOptions } from '../support/raw-socket.ts';

/** What a WebSocket may not say (RFC 6455), and with which code it is closed then; or what it may, and stays open. */
export interface FrameCase {
  what: string;
  bytes: Buffer;
  /** The close code, or `stays`. */
  closes: number | 'stays';
}

const { continuation, text, binary, close, ping, pong } = OPCODE;
const one = (payload: string | Buffer, options: FrameOptions = {}) => frameOf(Buffer.from(payload), options);
const closing = (code: number, reason: Buffer | string = '') => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(code);
  return one(Buffer.concat([bytes, Buffer.from(reason)]), { opcode: close });
};
/** The head of a frame of some length, and nothing of it. */
const announced = (opcode: number, length: bigint, fin = true) => {
  const head = Buffer.alloc(14);
  head[0] = (fin ? 128 : 0) | opcode;
  head[1] = 128 | 127;
  head.writeBigUInt64BE(length, 2);
  return head;
};
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** No UTF-8: wrong continuations, overlong forms, surrogates, beyond the last character, cut off. */
const NO_TEXT = [
  ...['c328', 'a0a1', 'e228a1', 'e28228', 'f0288cbc', 'f0908cf0', 'c0af', 'c180', 'e080af', 'f08080af'],
  ...['eda080', 'edbfbf', 'f4908080', 'f888808080', 'fe', 'ff', '80', 'e282', 'f09f98'],
].map((hex) => Buffer.from(hex, 'hex'));

const BROKEN_RULES: FrameCase[] = [
  ...range(1, 7).flatMap((reserved) => [
    { what: `text with reserved bits ${reserved}`, bytes: one('{}', { reserved }), closes: 1002 },
    { what: `ping with reserved bits ${reserved}`, bytes: one('', { opcode: ping, reserved }), closes: 1002 },
  ]),
  ...[...range(3, 7), ...range(11, 15)].map((opcode) => ({
    what: `opcode ${opcode}`,
    bytes: one('{}', { opcode }),
    closes: 1002,
  })),
  ...Object.entries(OPCODE).map(([name, opcode]) => ({
    what: `${name} without a mask`,
    bytes: one('{}', { opcode, masked: false }),
    closes: 1002,
  })),
  ...[126, 127, 1_000, 65_536].flatMap((length) =>
    [ping, pong, close].map((opcode) => ({
      what: `control ${opcode} of ${length} bytes`,
      bytes: one(Buffer.alloc(length), { opcode }),
      closes: 1002,
    })),
  ),
  ...[ping, pong, close].map((opcode) => ({
    what: `control ${opcode} in fragments`,
    bytes: one('', { opcode, fin: false }),
    closes: 1002,
  })),
  ...[true, false].map((fin) => ({
    what: `the end of nothing, ${fin ? 'last' : 'more'}`,
    bytes: one('x', { opcode: continuation, fin }),
    closes: 1002,
  })),
  ...[text, binary].map((opcode) => ({
    what: `a new message ${opcode} within another`,
    bytes: Buffer.concat([one('{', { fin: false }), one('}', { opcode })]),
    closes: 1002,
  })),
];

const KINDS_AND_SIZES: FrameCase[] = [
  { what: 'binary', bytes: one('{}', { opcode: binary }), closes: 1003 },
  { what: 'empty binary', bytes: one('', { opcode: binary }), closes: 1003 },
  {
    what: 'binary in fragments',
    bytes: Buffer.concat([one('{', { opcode: binary, fin: false }), one('}', { opcode: continuation })]),
    closes: 1003,
  },
  { what: 'one byte too many', bytes: one('x'.repeat(65_537)), closes: 1009 },
  { what: 'a megabyte', bytes: one('x'.repeat(1_048_576)), closes: 1009 },
  ...[65_537n, 2n ** 31n, 2n ** 32n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 64n - 1n].flatMap(
    (length) => [
      { what: `${length} bytes announced`, bytes: announced(text, length), closes: 1009 },
      {
        what: `${length} bytes announced as a fragment`,
        bytes: announced(text, length, false),
        closes: 1009,
      },
    ],
  ),
  {
    what: 'two fragments of together too much',
    bytes: Buffer.concat([
      one('x'.repeat(40_000), { fin: false }),
      one('x'.repeat(40_000), { opcode: continuation }),
    ]),
    closes: 1009,
  },
  {
    what: 'seventeen fragments',
    bytes: Buffer.concat([
      one('{', { fin: false }),
      ...range(1, 16).map(() => one(' ', { opcode: continuation, fin: false })),
    ]),
    closes: 1008,
  },
  {
    what: 'empty fragments without end',
    bytes: Buffer.concat([
      one('', { fin: false }),
      ...range(1, 40).map(() => one('', { opcode: continuation, fin: false })),
    ]),
    closes: 1008,
  },
];

const TEXTS: FrameCase[] = NO_TEXT.flatMap((bytes) => {
  const hex = bytes.toString('hex');
  return [
    { what: `${hex} as text`, bytes: one(bytes), closes: 1007 },
    { what: `${hex} behind text`, bytes: one(Buffer.concat([Buffer.from('{"é":1}'), bytes])), closes: 1007 },
    {
      what: `${hex} in two fragments`,
      bytes: Buffer.concat([
        one(bytes.subarray(0, 1), { fin: false }),
        one(bytes.subarray(1), { opcode: continuation }),
      ]),
      closes: 1007,
    },
    { what: `${hex} as a reason to close`, bytes: closing(1000, bytes), closes: 1007 },
  ];
});

const CLOSINGS: FrameCase[] = [
  { what: 'a close of one byte', bytes: one('x', { opcode: close }), closes: 1002 },
  { what: 'a close that says nothing', bytes: one('', { opcode: close }), closes: 1005 },
  ...[0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map((code) => ({
    what: `a close with ${code}`,
    bytes: closing(code),
    closes: 1002,
  })),
  ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999].map(
    (code) => ({
      what: `a close with ${code}`,
      bytes: closing(code, 'as it should be'),
      closes: code,
    }),
  ),
];

const ALLOWED: FrameCase[] = [
  { what: 'a ping', bytes: one('x'.repeat(125), { opcode: ping }), closes: 'stays' },
  { what: 'a pong that nobody asked for', bytes: one('x', { opcode: pong }), closes: 'stays' },
  { what: 'empty text', bytes: one(''), closes: 'stays' },
  { what: 'as much as may be', bytes: one('x'.repeat(65_536)), closes: 'stays' },
  {
    what: 'sixteen fragments with pings between them',
    bytes: Buffer.concat([
      one('{', { fin: false }),
      ...range(1, 14).flatMap(() => [
        one('', { opcode: ping }),
        one(' ', { opcode: continuation, fin: false }),
        one('', { opcode: pong }),
      ]),
      one('}', { opcode: continuation }),
    ]),
    closes: 'stays',
  },
  {
    what: 'a character in four fragments',
    bytes: Buffer.concat(
      [...Buffer.from('😀')].map((byte, i) =>
        one(Buffer.from([byte]), { opcode: i === 0 ? text : continuation, fin: i === 3 }),
      ),
    ),
    closes: 'stays',
  },
];

export const FRAME_CASES: readonly FrameCase[] = [
  ...BROKEN_RULES,
  ...KINDS_AND_SIZES,
  ...TEXTS,
  ...CLOSINGS,
  ...ALLOWED,
];
