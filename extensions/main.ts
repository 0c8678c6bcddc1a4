import { parseArgs } from 'node:util';
import { findDataDirectory } from '../server/data-directory.ts';
import { Nearby } from '../server/nearby.ts';
import { findPageDirectory } from '../server/page-directory.ts';
import { readPage } from '../server/page.ts';
import { PageControl } from './control.ts';
import { openDoor, type Door } from './door.ts';
import { HostMode } from './hosting.ts';
import { Profile } from './profile.ts';
import { connectShell, endWithParent, type Shell } from './shell.ts';
import { tellPage } from './tell-page.ts';

/** The Node process beside the window. It starts and ends with the window, or with whoever started it in a terminal. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      browser: { type: 'boolean', default: false },
      open: { type: 'boolean', default: false },
      data: { type: 'string' },
    },
    strict: false,
    allowPositionals: true,
  });
  const pageDirectory = findPageDirectory();
  const data = findDataDirectory(typeof values.data === 'string' ? values.data : process.env['SALON_DATA']);
  const profile = await openProfile(data.directory);
  const pages = new Set<PageControl>();
  const hostMode = new HostMode(profile, pageDirectory, (hosting) => {
    for (const page of pages) page.tell({ t: 'app.hosting', hosting });
  });
  const nearby = new Nearby({
    isOwn: (prefix) => hostMode.fingerprint?.startsWith(prefix) === true,
    changed: (now) => {
      for (const page of pages) page.tell({ t: 'app.nearby', nearby: now });
    },
  });
  // The shell hands no arguments to its extension: what Salon was opened with comes by the environment.
  let opened = positionals[0] ?? process.env['SALON_OPEN'] ?? null;
  const takeOpened = () => {
    const typed = opened;
    opened = null;
    return typed === '' ? null : typed;
  };

  let door: Door | null = null;
  let ending: Promise<unknown> | null = null;
  const end = () => {
    ending ??= Promise.allSettled([hostMode.close(), ...[...pages].map((page) => page.leave())]).finally(
      () => {
        door?.close();
        process.exit(0);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  // Whoever reads our output may go before we do.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);

  const isInBrowser = values.browser === true || values.open === true;
  const shell: Shell | null = isInBrowser ? null : connectShell(() => door, end);
  if (shell === null) endWithParent(end);
  const exit = () => (shell === null ? end() : shell.exit());
  door = await openDoor(shell === null ? readPage(pageDirectory) : null, shell?.origin ?? null, (socket) => {
    const page = new PageControl(socket, { profile, data, hostMode, nearby, takeOpened, exit });
    pages.add(page);
    socket.on('close', () => pages.delete(page));
  });
  shell?.ready();
  if (shell === null)
    await tellPage(`http://127.0.0.1:${door.port}/#app=${door.token}`, values.open === true);
}

async function openProfile(directory: string): Promise<Profile> {
  try {
    return await Profile.open(directory);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(
      `Salon cannot write to ${directory} (${reason}). Start it with --data and a folder of yours.\n`,
    );
    process.exit(2);
  }
}

void main();
