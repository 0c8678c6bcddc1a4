import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Place } from './place.ts';
import { run } from './run.ts';

/** In the part of the registry that is the person's own, by the system's `reg`. */

const RUN = 'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run';
const SCHEME = 'HKCU\\Software\\Classes\\salon';
const COMMAND = `${SCHEME}\\shell\\open\\command`;

export function atLogin(command: readonly string[]): Place {
  const value = command.map(quoted).join(' ');
  return {
    isOn: () => isThere(RUN, value),
    set: (on) =>
      on
        ? must('add', RUN, '/v', 'Salon', '/t', 'REG_SZ', '/d', value, '/f')
        : must('delete', RUN, '/v', 'Salon', '/f'),
  };
}

export function links(command: readonly string[]): Place {
  const value = [...command.map(quoted), '"%1"'].join(' ');
  return {
    isOn: () => isThere(COMMAND, value),
    set: async (on) => {
      if (!on) return must('delete', SCHEME, '/f');
      await must('add', SCHEME, '/ve', '/t', 'REG_SZ', '/d', 'URL:Salon', '/f');
      await must('add', SCHEME, '/v', 'URL Protocol', '/t', 'REG_SZ', '/d', '', '/f');
      await must('add', COMMAND, '/ve', '/t', 'REG_SZ', '/d', value, '/f');
    },
  };
}

/** Read from an exported file, which is UTF-16: what `reg` prints depends on the computer's former code page. */
async function isThere(key: string, value: string): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'salon-'));
  try {
    const file = join(folder, 'key.reg');
    if ((await run('reg', ['export', key, file, '/y'])) === null) return false;
    return readFileSync(file, 'utf16le').includes(`="${value.replace(/["\\]/g, '\\$&')}"`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function must(...words: string[]): Promise<void> {
  if ((await run('reg', words)) === null) throw new Error(`reg ${words.join(' ')} failed`);
}

/** No path on Windows holds a quotation mark. */
function quoted(word: string): string {
  return `"${word}"`;
}
