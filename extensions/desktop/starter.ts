import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { appFolder } from '../../server/data-directory.ts';

/** How the system starts this Salon: a program and its words. */
export interface Starter {
  alone: readonly string[];
  /** The link follows. */
  withLink: readonly string[];
}

/** Opened with a link, and no window of its own: it is passed on to the Salon that runs, or one is started. */
export const LINK = '--link';

/**
 * Null for a Salon that is not packed: what is built while developing is not what anybody wants to start with their
 * computer.
 *
 * @param main - the file that runs.
 */
export function findStarter(
  main: string = fileURLToPath(import.meta.url),
  platform: NodeJS.Platform = process.platform,
): Starter | null {
  const folder = appFolder(main);
  // From a place that macOS made up for an app that was not moved yet, and that is another one tomorrow.
  if (folder === null || folder.includes('/AppTranslocation/')) return null;
  const program = programIn(folder, platform);
  if (program === null) return null;
  const node = join(dirname(main), platform === 'win32' ? 'node.exe' : 'node');
  if (platform === 'darwin') {
    const opened = ['/usr/bin/open', program];
    return { alone: opened, withLink: opened };
  }
  if (shellIn(folder, platform) !== null) return { alone: [program], withLink: [node, main, LINK] };
  // A link in the words of a command file would be read as commands; and no link is an option.
  const withLink = platform === 'win32' ? [node, main, '--open', '--'] : [program];
  return { alone: [program], withLink };
}

/** The shell beside which this Salon was packed; null in the edition for the browser. */
export function shellIn(folder: string, platform: NodeJS.Platform = process.platform): string | null {
  const name = { win32: 'salon.exe', darwin: 'Salon.app' }[platform as string] ?? 'salon';
  // Elsewhere the edition for the browser starts with a script of the same name.
  const isShell =
    platform === 'win32' || platform === 'darwin' || existsSync(join(folder, 'salon-in-browser'));
  const path = join(folder, name);
  return isShell && existsSync(path) ? path : null;
}

function programIn(folder: string, platform: NodeJS.Platform): string | null {
  const shell = shellIn(folder, platform);
  if (shell !== null) return shell;
  const name = { win32: 'salon.cmd', darwin: 'Salon.command' }[platform as string] ?? 'salon';
  const path = join(folder, name);
  return existsSync(path) ? path : null;
}
