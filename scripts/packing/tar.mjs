import { foldersOf, packedAt } from './entries.mjs';

/** @typedef {import('./entries.mjs').Entries} Entries */

const block = 512;

/**
 * A tar archive (ustar), everything in it root's.
 *
 * @param {Entries} entries
 * @param {string} [top] put before each name: Debian's archives begin theirs with `./`
 */
export function tar(entries, top = '') {
  /** @type {Buffer[]} */
  const parts = top === '' ? [] : [header(top, 0o755, 0, '5')];
  for (const folder of foldersOf(entries.keys())) parts.push(header(`${top}${folder}/`, 0o755, 0, '5'));
  for (const [name, entry] of entries) {
    if ('link' in entry) {
      parts.push(header(top + name, 0o777, 0, '2', entry.link));
      continue;
    }
    const { content, mode } = entry;
    parts.push(header(top + name, mode, content.length, '0'), content);
    parts.push(Buffer.alloc((block - (content.length % block)) % block));
  }
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

/**
 * @param {string} name
 * @param {number} mode
 * @param {number} size
 * @param {string} type
 * @param {string} [link]
 */
function header(name, mode, size, type, link = '') {
  const [prefix, base] = splitName(name);
  const bytes = Buffer.alloc(block);
  base.copy(bytes, 0);
  bytes.write(octal(mode, 7), 100);
  bytes.write(octal(0, 7), 108);
  bytes.write(octal(0, 7), 116);
  bytes.write(octal(size, 11), 124);
  bytes.write(octal(packedAt, 11), 136);
  bytes.write('        ', 148);
  bytes.write(type, 156);
  bytes.write(link, 157);
  bytes.write('ustar\x0000', 257);
  bytes.write('root', 265);
  bytes.write('root', 297);
  prefix.copy(bytes, 345);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${octal(sum, 6)}\0 `, 148);
  return bytes;
}

/**
 * A long name stands in two fields, cut between folders.
 *
 * @param {string} name
 * @returns {[Buffer, Buffer]}
 */
function splitName(name) {
  const bytes = Buffer.from(name);
  if (bytes.length <= 100) return [Buffer.alloc(0), bytes];
  const cut = bytes.indexOf('/', bytes.length - 101);
  if (cut < 0 || cut > 155) throw new Error(`the name is too long for a tar archive: ${name}`);
  return [bytes.subarray(0, cut), bytes.subarray(cut + 1)];
}

/**
 * @param {number} value
 * @param {number} digits
 */
function octal(value, digits) {
  return value.toString(8).padStart(digits, '0');
}

/**
 * One file out of an unpacked tar archive; undefined when there is none of that name.
 *
 * Enough of the format for the packages of the npm registry.
 *
 * @param {Buffer} archive
 * @param {string} fileName
 */
export function untarOne(archive, fileName) {
  for (let at = 0; at + block <= archive.length && archive[at] !== 0;) {
    const text = (/** @type {number} */ from, /** @type {number} */ length) =>
      String(archive.toString('utf8', at + from, at + from + length).split('\0', 1)[0]);
    const size = parseInt(text(124, 12), 8);
    const prefix = text(345, 155);
    const name = prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`;
    const begin = at + block;
    if (name === fileName) return archive.subarray(begin, begin + size);
    at = begin + Math.ceil(size / block) * block;
  }
  return undefined;
}
