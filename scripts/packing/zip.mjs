import { spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';
import { foldersOf } from './entries.mjs';

/** @typedef {import('./entries.mjs').Entries} Entries */

/**
 * What stands both before a file and in the directory.
 * @typedef {{ name: Buffer, common: Buffer, attributes: number, at: number }} Line
 */

const deflate = promisify(deflateRaw);

/** From this size on, in bytes, what another program saves is worth its time. */
const large = 4_000_000;

/** 1980-01-01 00:00, as MS-DOS wrote it. */
const date = 0x0021;
/** Made on Unix, so that the rights count, by version 2.0 of the format. */
const maker = 0x0314;
/** Names are UTF-8. */
const flags = 0x0800;
const folderMode = 0o040755;
const fileMode = 0o100000;

/**
 * A zip archive that keeps who may run what.
 *
 * @param {Entries} entries without links
 * @param {number} level of compression, 1 to 9
 */
export async function zip(entries, level) {
  /** @type {Buffer[]} */
  const parts = [];
  /** @type {Line[]} */
  const lines = [];
  let at = 0;
  const add = (
    /** @type {string} */ text,
    /** @type {Buffer} */ content,
    /** @type {Buffer} */ packed,
    /** @type {number} */ mode,
  ) => {
    const name = Buffer.from(text);
    const common = described(name, content, packed);
    // Above are the rights; below, for MS-DOS, whether it is a folder.
    const attributes = ((mode << 16) | (mode === folderMode ? 0x10 : 0)) >>> 0;
    lines.push({ name, common, attributes, at });
    const all = [Buffer.from('PK\x03\x04', 'latin1'), common, name, packed];
    parts.push(...all);
    at += all.reduce((sum, { length }) => sum + length, 0);
  };

  const nothing = Buffer.alloc(0);
  for (const folder of foldersOf(entries.keys())) add(`${folder}/`, nothing, nothing, folderMode);
  for (const [name, entry] of entries) {
    if ('link' in entry) throw new Error(`a zip archive holds no links: ${name}`);
    const { content, mode } = entry;
    const packed = (await smaller(content, level)) ?? (await deflate(content, { level }));
    add(name, content, packed.length < content.length ? packed : content, fileMode | mode);
  }
  return Buffer.concat([...parts, ...directory(lines, at)]);
}

/** Nearly as small as it gets in a few seconds, where it is installed (on Debian: libdeflate-tools); then what is everywhere. */
const packers = [
  ['libdeflate-gzip', '-12', '-c'],
  ['gzip', '-9', '--no-name', '--stdout'],
];

/**
 * As a program for it makes it, where there is one: Node's own compressor is twice as quick, and leaves 45 MB of a Node where
 * gzip leaves 43.7 and libdeflate 41.8.
 *
 * @param {Buffer} content
 * @param {number} level
 * @returns {Promise<Buffer | undefined>}
 */
async function smaller(content, level) {
  if (level < 9 || content.length < large) return undefined;
  for (const [program = '', ...words] of packers) {
    const packed = await packedBy(program, words, content);
    // Without its own head and tail, what it makes is what a zip archive holds.
    if (packed !== undefined) return packed.subarray(10, -8);
  }
  return undefined;
}

/**
 * @param {string} program
 * @param {readonly string[]} words
 * @param {Buffer} content
 * @returns {Promise<Buffer | undefined>} undefined when it is missing or fails
 */
async function packedBy(program, words, content) {
  const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'ignore'] });
  /** @type {Buffer[]} */
  const parts = [];
  child.stdout.on('data', (part) => parts.push(part));
  child.stdin.on('error', () => undefined);
  child.stdin.end(content);
  const status = await new Promise((resolve) => {
    child.on('error', () => resolve(undefined));
    child.on('close', resolve);
  });
  return status === 0 ? Buffer.concat(parts) : undefined;
}

/**
 * @param {Buffer} name
 * @param {Buffer} content
 * @param {Buffer} packed the same as `content` when it is stored as it is
 */
function described(name, content, packed) {
  const bytes = Buffer.alloc(26);
  bytes.writeUInt16LE(20, 0);
  bytes.writeUInt16LE(flags, 2);
  bytes.writeUInt16LE(packed === content ? 0 : 8, 4);
  bytes.writeUInt16LE(date, 8);
  bytes.writeUInt32LE(crc32(content), 10);
  bytes.writeUInt32LE(packed.length, 14);
  bytes.writeUInt32LE(content.length, 18);
  bytes.writeUInt16LE(name.length, 22);
  return bytes;
}

/**
 * @param {readonly Line[]} lines
 * @param {number} begin where the directory stands
 */
function directory(lines, begin) {
  const parts = lines.flatMap(({ name, common, attributes, at }) => {
    const head = Buffer.from('PK\x01\x02\0\0', 'latin1');
    head.writeUInt16LE(maker, 4);
    // A comment, the disk and inner attributes would come first.
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(attributes, 6);
    tail.writeUInt32LE(at, 10);
    return [head, common, tail, name];
  });
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(lines.length, 8);
  end.writeUInt16LE(lines.length, 10);
  end.writeUInt32LE(
    parts.reduce((sum, { length }) => sum + length, 0),
    12,
  );
  end.writeUInt32LE(begin, 16);
  return [...parts, end];
}
