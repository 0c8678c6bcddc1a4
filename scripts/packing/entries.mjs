/**
 * One file of an archive, or a link to another.
 * @typedef {{ content: Buffer, mode: number } | { link: string }} Entry
 */

/**
 * What an archive holds, by names with `/` between folders, in the order of the archive.
 * @typedef {Map<string, Entry>} Entries
 */

/**
 * Every file bears this time, so that the same sources give the same bytes: the first that all formats can tell.
 * 1980-01-01T00:00:00Z, in seconds.
 */
export const packedAt = 315_532_800;

/**
 * @param {string | Uint8Array} content
 * @returns {Entry}
 */
export function file(content) {
  return { content: Buffer.from(content), mode: 0o644 };
}

/**
 * @param {string | Uint8Array} content
 * @returns {Entry}
 */
export function executable(content) {
  return { content: Buffer.from(content), mode: 0o755 };
}

/**
 * The same entries under a folder.
 *
 * @param {string} folder
 * @param {Entries} entries
 * @returns {Entries}
 */
export function under(folder, entries) {
  return new Map([...entries].map(([name, entry]) => [`${folder}/${name}`, entry]));
}

/**
 * The folders that have to be there for these names, outer ones first.
 * @param {Iterable<string>} names
 */
export function foldersOf(names) {
  /** @type {Set<string>} */
  const folders = new Set();
  for (const name of names) {
    const parts = name.split('/').slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth++) folders.add(parts.slice(0, depth).join('/'));
  }
  return [...folders].sort();
}
