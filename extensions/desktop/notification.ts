import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findPageDirectory } from '../../server/page-directory.ts';
import { asMarkup } from './markup.ts';
import { run } from './run.ts';

/** Shows a notification in the way of freedesktop.org; on other systems the window does it, or the browser. */

const PROGRAM = 'notify-send';
/** Whoever reads more opens the window. In characters. */
const MOST = 300;

export function canNotify(env: NodeJS.ProcessEnv = process.env, platform = process.platform): boolean {
  const folders = (env['PATH'] ?? '').split(delimiter);
  return platform === 'linux' && folders.some((folder) => existsSync(join(folder, PROGRAM)));
}

/** False when there is no such program, or nothing that it could tell: no desktop is running. */
export async function showNotification(title: string, text: string): Promise<boolean> {
  if (!canNotify()) return false;
  const icon = join(findPageDirectory(), 'icons', 'appIcon.png');
  const words = ['--app-name=Salon', `--icon=${icon}`, '--category=im.received'];
  // Title and text are whatever somebody wrote: none of it is an option, nor markup, of which a text may hold a little.
  return (await run(PROGRAM, [...words, '--', oneLine(title), asMarkup(shortened(text))])) !== null;
}

function oneLine(text: string): string {
  return shortened(text.replace(/\s+/g, ' '));
}

function shortened(text: string): string {
  const letters = [...text];
  return letters.length <= MOST ? text : `${letters.slice(0, MOST - 1).join('')}…`;
}
