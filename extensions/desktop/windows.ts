import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Place } from './place.ts';
import { run } from './run.ts';

/**
 * A program that comes with Windows, by where it lies there: by its name alone, one in the folder that Salon was started from
 * would be taken first, and that may be where downloads go.
 *
 * @param path - in the folder of Windows.
 */
export function systemProgram(...path: string[]): string {
  return join(process.env['SystemRoot'] ?? 'C:\\Windows', ...path);
}

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
    if ((await reg('export', key, file, '/y')) === null) return false;
    const escaped = `="${value.replace(/["\\]/g, '\\$&')}"`;
    // The same folder, whether its drive was typed as `d:` or `D:`.
    return readFileSync(file, 'utf16le').toLowerCase().includes(escaped.toLowerCase());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function must(...words: string[]): Promise<void> {
  if ((await reg(...words)) === null) throw new Error(`reg ${words.join(' ')} failed`);
}

function reg(...words: string[]): Promise<string | null> {
  return run(systemProgram('System32', 'reg.exe'), words);
}

/** No path on Windows holds a quotation mark. */
function quoted(word: string): string {
  return `"${word}"`;
}
