import type { Place } from './place.ts';
import { run } from './run.ts';

/** In the part of the registry that is the person's own, by the system's `reg`. */

const RUN = 'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run';
const SCHEME = 'HKCU\\Software\\Classes\\salon';
const COMMAND = `${SCHEME}\\shell\\open\\command`;

export function atLogin(command: readonly string[]): Place {
  const value = command.map(quoted).join(' ');
  return {
    isOn: () => isThere([RUN, '/v', 'Salon'], value),
    set: (on) =>
      on
        ? must('add', RUN, '/v', 'Salon', '/t', 'REG_SZ', '/d', value, '/f')
        : must('delete', RUN, '/v', 'Salon', '/f'),
  };
}

export function links(command: readonly string[]): Place {
  const value = [...command.map(quoted), '"%1"'].join(' ');
  return {
    isOn: () => isThere([COMMAND, '/ve'], value),
    set: async (on) => {
      if (!on) return must('delete', SCHEME, '/f');
      await must('add', SCHEME, '/ve', '/t', 'REG_SZ', '/d', 'URL:Salon', '/f');
      await must('add', SCHEME, '/v', 'URL Protocol', '/t', 'REG_SZ', '/d', '', '/f');
      await must('add', COMMAND, '/ve', '/t', 'REG_SZ', '/d', value, '/f');
    },
  };
}

async function isThere(key: readonly string[], value: string): Promise<boolean> {
  return (await run('reg', ['query', ...key]))?.includes(value) === true;
}

async function must(...words: string[]): Promise<void> {
  if ((await run('reg', words)) === null) throw new Error(`reg ${words.join(' ')} failed`);
}

/** No path on Windows holds a quotation mark. */
function quoted(word: string): string {
  return `"${word}"`;
}
