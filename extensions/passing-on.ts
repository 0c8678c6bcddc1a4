import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { appFolder, findDataDirectory } from '../server/data-directory.ts';
import { LINK, shellIn } from './desktop/starter.ts';
import { openLink } from './desktop/open.ts';
import { takeInstance } from './instance.ts';

/**
 * The system opened a link with Salon: the one that runs gets it, or one is started with it. Not by the words of a
 * command, which the shell does not hand on.
 */
export async function passOn(): Promise<void> {
  const typed = process.argv[process.argv.indexOf(LINK) + 1] ?? '';
  const { directory } = findDataDirectory(process.env['SALON_DATA']);
  const call = { typed: typed === '' ? null : typed, opensPage: true };
  try {
    const taken = await takeInstance(directory, call, () => Promise.reject(new Error('ending')));
    if (!taken.isFirst) {
      if (taken.url !== null) await openLink(taken.url);
      process.exit(0);
    }
    await taken.release();
  } catch {
    // The one that is started says in its window what is wrong.
  }
  const folder = appFolder(fileURLToPath(import.meta.url));
  const shell = folder === null ? null : shellIn(folder);
  if (shell === null) process.exit(1);
  const env = { ...process.env, SALON_OPEN: typed };
  const opening = spawn(shell, [], { env, detached: true, stdio: 'ignore' });
  opening.on('error', () => process.exit(1));
  opening.on('spawn', () => process.exit(0));
}
