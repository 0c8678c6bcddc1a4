import { deflateSync, crc32 } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PICTURE_HEAD_BYTES, pictureOf } from '../../server/picture.ts';
import { LIMITS } from '../../server/protocol/entities.ts';
import { between, randomFrom, seed } from '../faults/trial.ts';
import { bring, postFile } from '../support/files.ts';
import { openRoom } from '../support/room.ts';

/** Three pixels wide and two high, as Chromium wrote them. */
const JPEG = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAACAAMDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAAAwX/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCYACs//9k=',
  'base64',
);
/** Lossy with an extended header, as Chromium writes it, but for the profile of colours. */
const WEBP_VP8 = Buffer.from('KAAAAHABAJ0BKgMAAgAEAGgloAJ0AUAAAP7kAXXFzZEUf/EOfy5fxBX8AAA=', 'base64');
const GIF = Buffer.from('R0lGODlhAwACAIAAAMwzM////ywAAAAAAwACAAACAoRRADs=', 'base64');

function png(width: number, height: number, pixels = Buffer.alloc(0)): Buffer {
  const size = Buffer.alloc(8);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  const chunk = (kind: string, data: Buffer) => {
    const named = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
    const ends = [Buffer.alloc(4), Buffer.alloc(4)] as const;
    ends[0].writeUInt32BE(data.length);
    ends[1].writeUInt32BE(crc32(named));
    return Buffer.concat([ends[0], named, ends[1]]);
  };
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', Buffer.concat([size, Buffer.from([8, 2, 0, 0, 0])])),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
/** A GIF by its parts: a screen of so much, then what is given. */
function gif(width: number, height: number, ...parts: readonly (string | Buffer)[]): Buffer {
  const screen = Buffer.from('GIF89a\0\0\0\0\x80\0\0', 'latin1');
  screen.writeUInt16LE(width, 6);
  screen.writeUInt16LE(height, 8);
  const all = parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'hex') : part));
  return Buffer.concat([screen, Buffer.alloc(6), ...all, Buffer.from(';')]);
}

function frame(left: number, top: number, width: number, height: number): Buffer {
  const bytes = Buffer.from(',');
  const numbers = new Uint16Array([left, top, width, height]);
  return Buffer.concat([bytes, Buffer.from(numbers.buffer), Buffer.from('000202440100', 'hex')]);
}
const SMALL = frame(0, 0, 3, 2);
const LARGE = frame(0, 0, 8_000, 8_000);
const PNG = png(3, 2, Buffer.alloc(2 * (1 + 3 * 3)));

function webp(chunks: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(chunks.length + 4);
  return Buffer.concat([Buffer.from('RIFF'), length, Buffer.from('WEBP'), chunks]);
}
const extended = Buffer.from('VP8X\x0a\0\0\0\x10\0\0\0\x02\0\0\x01\0\0', 'latin1');
const WEBP = webp(Buffer.concat([extended, Buffer.from('VP8 '), WEBP_VP8]));
const LOSSY_WEBP = webp(Buffer.concat([Buffer.from('VP8 '), WEBP_VP8]));

/** With what a camera notes of how it was held. */
function held(orientation: number): Buffer {
  const directory = Buffer.from('4d4d002a00000008000101120003000000010000000000000000', 'hex');
  directory.writeUInt16BE(orientation, 18);
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), directory]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(body.length + 2);
  return Buffer.concat([JPEG.subarray(0, 2), Buffer.from([0xff, 0xe1]), length, body, JPEG.subarray(2)]);
}

const picture = suite('A picture');

picture('is one of four kinds, told by its bytes', () => {
  const size = { width: 3, height: 2 };
  assert.equal(pictureOf(PNG), { type: 'image/png', ...size });
  assert.equal(pictureOf(JPEG), { type: 'image/jpeg', ...size });
  assert.equal(pictureOf(GIF), { type: 'image/gif', ...size });
  for (const bytes of [WEBP, LOSSY_WEBP]) assert.equal(pictureOf(bytes), { type: 'image/webp', ...size });
});

picture('has the size that it is looked at with, however its camera was held', () => {
  for (let orientation = 0; orientation <= 9; orientation += 1) {
    const { width, height } = pictureOf(held(orientation)) ?? {};
    const lies = orientation >= 5 && orientation <= 8;
    assert.equal([width, height], lies ? [2, 3] : [3, 2], `orientation ${orientation}`);
  }
});

picture('is nothing else, whatever it is called or says of itself', () => {
  const others: Record<string, string | Buffer> = {
    svg: '<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"><script>alert(1)</script></svg>',
    html: '<!doctype html><script>alert(1)</script>',
    pdf: '%PDF-1.7\n',
    bmp: Buffer.from('424d420000000000000036000000280000000300000002000000010018000000', 'hex'),
    tiff: Buffer.from('49492a00080000000200000104000100000003000000010104000100000002000000', 'hex'),
    ico: Buffer.from('00000100010003020000010018003000000016000000', 'hex'),
    heic: Buffer.from('0000001866747970686569630000000068656963', 'hex'),
    nothing: '',
    text: 'Milk, eggs, flour',
    hidden: Buffer.concat([Buffer.from('<html>'), PNG]),
  };
  for (const [kind, bytes] of Object.entries(others)) assert.is(pictureOf(Buffer.from(bytes)), null, kind);
});

picture('that could not be laid out in memory is none', () => {
  assert.equal(pictureOf(png(8_000, 5_000)), { type: 'image/png', width: 8_000, height: 5_000 });
  for (const [width, height] of [
    [8_001, 5_000],
    [100_000, 100_000],
    [0xffffffff, 0xffffffff],
    [0, 100],
    [100, 0],
    [1, LIMITS.picturePixels + 1],
  ] as const)
    assert.is(pictureOf(png(width, height)), null, `${width} by ${height}`);
  const jpeg = Buffer.from(JPEG);
  jpeg.fill(0xff, jpeg.indexOf(Buffer.from('ffc00011', 'hex')) + 5, jpeg.indexOf('ffc00011', 0, 'hex') + 9);
  assert.is(pictureOf(jpeg), null);
});

picture('that pages enlarge to its first frame has the size of that', () => {
  const sizeOf = (bytes: Buffer) => {
    const { width, height } = pictureOf(bytes) ?? {};
    return [width, height];
  };
  assert.equal(sizeOf(gif(40, 30, frame(0, 0, 3, 2))), [40, 30]);
  assert.equal(sizeOf(gif(40, 30, frame(10, 20, 35, 40))), [45, 60]);
  assert.equal(sizeOf(gif(0, 0, frame(0, 0, 8_000, 5_000))), [8_000, 5_000]);
  const loop = Buffer.concat([
    Buffer.from('21ff0b', 'hex'),
    Buffer.from('NETSCAPE2.0'),
    Buffer.from('0301000000', 'hex'),
  ]);
  const before = [
    '21f9040000000000',
    '21fe03',
    Buffer.from('one'),
    '02',
    Buffer.from(',,'),
    '00',
    loop,
    '21fe00',
  ];
  assert.equal(sizeOf(gif(40, 30, ...before, frame(0, 0, 50, 50), LARGE)), [50, 50], 'later ones do not');
  for (const bytes of [
    gif(40, 30, LARGE),
    gif(40, 30, frame(60_000, 60_000, 1, 1)),
    gif(40, 30, ...before, LARGE),
    gif(40, 30),
    gif(40, 30, '00', SMALL),
    gif(40, 30, frame(0, 0, 0, 2)),
    // What browsers read past, and others do not.
    gif(40, 30, '21f900', SMALL, LARGE),
    gif(40, 30, '21f9010000', SMALL, LARGE),
    gif(40, 30, loop.subarray(0, -5), '01010000', SMALL, LARGE),
    // Too far behind to be looked for.
    gif(
      40,
      30,
      ...Array.from({ length: 2_100 }, () =>
        Buffer.from(`21fe ff ${'00'.repeat(255)} 00`.replaceAll(' ', ''), 'hex'),
      ),
      SMALL,
    ).subarray(0, PICTURE_HEAD_BYTES),
  ])
    assert.is(pictureOf(bytes), null);
});

picture('whose segments tell its size is taken at their word, wherever others seem to', () => {
  const start = JPEG.subarray(0, 2);
  const at = JPEG.indexOf('ffc00011', 0, 'hex');
  const sizes = JPEG.subarray(at, at + 19);
  const zeros = Buffer.alloc(1_000);
  const size = { type: 'image/jpeg', width: 3, height: 2 };
  assert.equal(pictureOf(Buffer.concat([start, sizes, zeros])), size);
  const forged = Buffer.concat([Buffer.from([0, 0, 0xff]), sizes, zeros]);
  const huge = Buffer.from(sizes);
  huge.fill(0xff, 5, 9);
  assert.is(pictureOf(Buffer.concat([start, huge, forged])), null);
  // Ways of coding that no browser reads, and what it does not read past.
  for (const kind of [
    0xc3, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf, 0xd8, 0xd9, 0xda, 0x01, 0x00,
  ]) {
    const other = Buffer.from(huge);
    other[1] = kind;
    assert.is(pictureOf(Buffer.concat([start, other, sizes, zeros])), null, kind.toString(16));
  }
});

picture('that ends anywhere is one of its kind, or none', () => {
  for (const bytes of [PNG, JPEG, GIF, WEBP, LOSSY_WEBP, held(6)]) {
    const { type } = pictureOf(bytes) ?? {};
    for (let length = 0; length < bytes.length; length += 1)
      assert.ok([type, undefined].includes(pictureOf(bytes.subarray(0, length))?.type), `${length} bytes`);
  }
});

picture(
  'with anything changed in it neither throws nor takes long, nor is one that pages do not show',
  () => {
    const random = randomFrom(seed);
    const types = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
    const found = { pictures: 0, none: 0 };
    for (let i = 0; i < 20_000; i += 1) {
      const bytes = Buffer.from([PNG, JPEG, GIF, WEBP, LOSSY_WEBP, held(6)][i % 6] ?? PNG);
      for (let changes = between(random, 1, 6); changes > 0; changes -= 1)
        bytes[between(random, 0, Math.min(bytes.length - 1, 40))] = between(random, 0, 255);
      const told = pictureOf(bytes);
      found[told === null ? 'none' : 'pictures'] += 1;
      if (told === null) continue;
      const { type, width, height } = told;
      assert.ok(types.includes(type));
      assert.ok(Number.isSafeInteger(width) && Number.isSafeInteger(height) && width > 0 && height > 0);
      assert.ok(width * height <= LIMITS.picturePixels);
    }
    assert.ok(found.pictures > 1_000 && found.none > 1_000, JSON.stringify(found));
  },
);

picture('is looked for no longer in bytes made for that than in others', () => {
  const long = (fill: (bytes: Buffer) => void, byte = 0) => {
    const bytes = Buffer.alloc(PICTURE_HEAD_BYTES, byte);
    bytes.set([0xff, 0xd8, 0xff, 0xe0]);
    fill(bytes);
    return bytes;
  };
  const segments = long((bytes) => {
    for (let at = 2; at < bytes.length - 4; at += 4) bytes.set([0xff, 0xe1, 0, 2], at);
  });
  const cheap = cpuOf(Buffer.alloc(PICTURE_HEAD_BYTES, 'Milk, eggs, flour'));
  const sizeFirst = long((bytes) =>
    bytes.set(JPEG.subarray(JPEG.indexOf('ffc00011', 0, 'hex')).subarray(0, 4), 2),
  );
  const blocks = long((bytes) => {
    bytes.set(gif(40, 30, '21fe'));
    bytes.fill(1, 21);
  });
  for (const bytes of [long(() => undefined), long(() => undefined, 1), segments, sizeFirst, blocks]) {
    assert.is(pictureOf(bytes), null);
    // Looked through byte by byte it took hundreds of times as much.
    const dear = cpuOf(bytes);
    assert.ok(dear < 20 * cheap + 100_000, `${dear} µs, others ${cheap} µs`);
  }
});

/** Of twenty looks, in microseconds. */
function cpuOf(bytes: Buffer): number {
  const before = process.cpuUsage();
  for (let i = 0; i < 20; i += 1) pictureOf(bytes);
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

picture('is told to everybody by what the host found in the bytes, not by its name', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  for (const [bytes, name, type] of [
    [PNG, 'notes.txt', 'image/png'],
    [held(6), 'turned.png', 'image/jpeg'],
    [Buffer.from('<script>alert(1)</script>'), 'photo.png', null],
    [png(100_000, 100_000), 'bomb.png', null],
  ] as const) {
    const { stored } = await bring(ada.caller, bytes);
    const { seq } = await postFile(ada, stored.hash, { name });
    const { file } = await ada.caller.hears('message.posted', (event) => event.seq === seq);
    assert.is(file?.picture?.type ?? null, type, name);
    assert.equal(file?.picture, stored.picture);
  }
  await room.close();
});

picture.run();
