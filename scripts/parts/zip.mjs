import { inflateRawSync } from 'node:zlib';

/**
 * One file out of a zip archive; undefined when there is none of that name.
 *
 * Enough of the format for the archives that Neutralino publishes: no encryption, no ZIP64, stored or deflated.
 *
 * @param {Buffer} zip
 * @param {string} fileName without the folder it stands in
 */
export function unzipOne(zip, fileName) {
  // The directory stands at the end, found through a record that only a comment may follow.
  const record = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  if (record < 0) throw new Error('not a zip archive');
  const count = zip.readUInt16LE(record + 10);
  let at = zip.readUInt32LE(record + 16);

  for (let n = 0; n < count; n++) {
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    if (name === fileName || name.endsWith(`/${fileName}`)) return contentOf(zip, at);
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return undefined;
}

/**
 * @param {Buffer} zip
 * @param {number} entry where its line in the directory begins
 */
function contentOf(zip, entry) {
  const method = zip.readUInt16LE(entry + 10);
  const packedSize = zip.readUInt32LE(entry + 20);
  const size = zip.readUInt32LE(entry + 24);
  const header = zip.readUInt32LE(entry + 42);
  // The header before the content repeats the name, with extras of another length.
  const begin = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
  const packed = zip.subarray(begin, begin + packedSize);
  if (method !== 0 && method !== 8) throw new Error(`packed with method ${method}`);
  const content = method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: size });
  if (content.length !== size) throw new Error('the archive is cut short');
  return content;
}
