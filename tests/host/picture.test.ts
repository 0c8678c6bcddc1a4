import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PICTURE_HEAD_BYTES, pictureOf } from '../../server/picture.ts';
import { LIMITS } from '../../server/protocol/entities.ts';
import { between, randomFrom, seed } from '../faults/trial.ts';
import { bring, postFile } from '../support/files.ts';
import { frame, GIF, gif, held, JPEG, LOSSY_WEBP, PNG, png, WEBP } from '../support/pictures.ts';
import { openRoom } from '../support/room.ts';

const SMALL = frame(0, 0, 3, 2);
const LARGE = frame(0, 0, 8_000, 8_000);

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
  // Ways of coding that not every browser reads, and what none reads past.
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
