// node scripts/complete-lock.mjs, after a change of dependencies made with a registry that holds only some of the
// packages for other systems: npm leaves those out of package-lock.json, and `npm ci` then refuses the file.
// Adds an entry for each, from its name and the version its owner asks for; without a checksum, which only the
// registry knows.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, say } from './parts/root.mjs';

/** @typedef {{ version: string, dev?: boolean, optionalDependencies?: Record<string, string> }} Entry */

const lockFile = join(root, 'package-lock.json');
const systemInName =
  /(?:^|[-/])(aix|android|darwin|freebsd|linux|openharmony|win32)-([a-z\d]+)(?:-(gnu|musl))?[a-z-]*$/;

/** @type {{ packages: Record<string, Entry> }} */
const lock = JSON.parse(readFileSync(lockFile, 'utf8'));
/** @type {Record<string, Entry & Record<string, unknown>>} */
const missing = {};
for (const { dev, optionalDependencies } of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies ?? {})) {
    const [, os, cpu, libc] = systemInName.exec(name) ?? [];
    const place = `node_modules/${name}`;
    if (!os || !cpu || lock.packages[place]) continue;
    missing[place] = {
      version,
      cpu: [cpu],
      ...(dev && { dev }),
      ...(libc && { libc: [libc === 'gnu' ? 'glibc' : libc] }),
      optional: true,
      os: [os],
    };
  }
}

const entries = Object.entries({ ...lock.packages, ...missing });
lock.packages = Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
if (Object.keys(missing).length > 0) writeFileSync(lockFile, `${JSON.stringify(lock, null, 2)}\n`);
say(`${Object.keys(missing).length} packages for other systems added to package-lock.json.`);
