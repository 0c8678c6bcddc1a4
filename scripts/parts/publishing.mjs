import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

/**
 * Files by their name under a folder, with `/` between folders.
 * @typedef {Map<string, string | Uint8Array>} Files
 */

/**
 * Makes a folder hold exactly these files, without a moment in which one of them is missing or half written:
 * a Salon that is running may be serving them. Files that are right already are left alone.
 *
 * @param {string} folder
 * @param {Files} files in the order in which they appear; what names others comes last
 */
export function publish(folder, files) {
  for (const [name, content] of files) place(join(folder, name), Buffer.from(content));
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1).replaceAll(sep, '/');
    // A build beside this one may be about to rename its own.
    if (entry.isFile() && !files.has(name) && !name.endsWith('.next')) rmSync(path, { force: true });
  }
}

/**
 * Writes one file whole or not at all.
 *
 * @param {string} path
 * @param {Buffer} content
 * @param {number} [mode]
 */
export function place(path, content, mode = 0o644) {
  if (existsSync(path) && readFileSync(path).equals(content)) return;
  mkdirSync(dirname(path), { recursive: true });
  const next = `${path}.${process.pid}.next`;
  writeFileSync(next, content, { mode });
  renameSync(next, path);
}
