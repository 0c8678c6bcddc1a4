import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileWith, type Place } from './place.ts';
import { run } from './run.ts';

/** In the ways of freedesktop.org: files in the person's own folders. */

const LINK_ENTRY = 'salon-link.desktop';
const LINK_TYPE = 'x-scheme-handler/salon';

export function atLogin(command: readonly string[]): Place {
  const path = join(own('XDG_CONFIG_HOME', '.config'), 'autostart', 'salon.desktop');
  return fileWith(path, entry(command.map(quoted).join(' '), []));
}

export function links(command: readonly string[]): Place {
  const path = join(own('XDG_DATA_HOME', '.local', 'share'), 'applications', LINK_ENTRY);
  const exec = [...command.map(quoted), '%u'].join(' ');
  const file = fileWith(path, entry(exec, ['NoDisplay=true', `MimeType=${LINK_TYPE};`]));
  return {
    isOn: async () =>
      (await file.isOn()) && (await run('xdg-mime', ['query', 'default', LINK_TYPE]))?.trim() === LINK_ENTRY,
    set: async (on) => {
      // An entry that is gone is nobody's default any more.
      await file.set(on);
      if (!on || (await run('xdg-mime', ['default', LINK_ENTRY, LINK_TYPE])) !== null) return;
      await file.set(false);
      throw new Error('xdg-mime did not take the link');
    },
  };
}

function own(variable: string, ...fallback: string[]): string {
  const named = process.env[variable];
  return named === undefined || named === '' ? join(homedir(), ...fallback) : named;
}

function entry(exec: string, more: readonly string[]): string {
  const lines = [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Salon',
    `Exec=${exec}`,
    'Terminal=false',
    ...more,
  ];
  return `${lines.join('\n')}\n`;
}

/** A word of a command in a desktop entry: quoted, and then escaped once more as every text there is. */
function quoted(word: string): string {
  const inner = word.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%');
  return `"${inner}"`.replaceAll('\\', '\\\\');
}
