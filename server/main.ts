import { announceRoom } from './announce.ts';
import { readFlags, refuse, type Flags } from './flags.ts';
import { DamagedKey } from './identity.ts';
import { freePort, openHost, PortTaken, type Host } from './host.ts';
import { inviteLines, inviteLinks, report, sentences } from './host-words.ts';
import { CONNECTION_LIMITS } from './http.ts';
import { ROOM_LIMITS } from './limits.ts';
import { findPageDirectory } from './page-directory.ts';
import { DEFAULT_PORT } from './protocol/entities.ts';
import { DamagedDatabase, DirectoryInUse, NewerDatabase, UnwritableDirectory } from './store/failures.ts';

/** A host without a window: flags in, a room out. */

/** How often to look whether the room has its owner, who must be there before anybody is invited. In milliseconds. */
const OWNER_POLL_MS = 500;

async function main(): Promise<void> {
  const flags = readFlags();
  const host = await open(flags);
  const { fingerprint, port, room } = host;
  const announcement = flags.announce
    ? announceRoom({ fingerprint, port, name: room.name, address: flags.address })
    : null;
  let closing = false;
  const close = async () => {
    if (closing) return;
    closing = true;
    await Promise.all([host.close(), announcement?.end()]);
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void close());
  // Whoever reads our output may go before we do.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  process.stdout.write(
    flags.json ? `${JSON.stringify(report(host, flags))}\n` : await sentences(host, flags),
  );
  if (flags.invite !== null) await invite(host, flags, flags.invite);
}

/** An invite is made in the owner's name: without one, it waits. */
async function invite(host: Host, flags: Flags, wish: NonNullable<Flags['invite']>): Promise<void> {
  if (host.ownerCode() !== null && !flags.json) {
    process.stdout.write('The join code that you asked for follows as soon as the room has its owner.\n');
  }
  while (host.ownerCode() !== null) await new Promise((resolve) => setTimeout(resolve, OWNER_POLL_MS));
  const made = await host.makeInvite(wish);
  const { code, spoken } = made;
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ invite: { code, spoken, ...inviteLinks(made, host, flags) } })}\n`
      : inviteLines(made, host, flags),
  );
}

async function open(flags: Flags): Promise<Host> {
  try {
    return flags.port === null ? await openSomewhere(flags, DEFAULT_PORT) : await openAt(flags, flags.port);
  } catch (error) {
    return refuse(await sentenceFor(error, flags));
  }
}

/** On the first port that is free. Between looking and listening somebody else may take it: then on the next. */
async function openSomewhere(flags: Flags, first: number): Promise<Host> {
  const port = await freePort(first, flags.address);
  try {
    return await openAt(flags, port);
  } catch (error) {
    if (!(error instanceof PortTaken) || port === 0) throw error;
    return openSomewhere(flags, port + 1);
  }
}

function openAt(flags: Flags, port: number): Promise<Host> {
  return openHost({
    directory: flags.data,
    name: flags.name,
    port,
    pageDirectory: findPageDirectory(),
    ...flags.change,
    ...(flags.address === undefined ? {} : { address: flags.address }),
    limits: limitsFor(flags),
    onFailure: (error) =>
      refuse(
        error instanceof DamagedDatabase
          ? 'The file of the room was found damaged, and the room was closed. Start it again: its last good copy takes its place.'
          : 'The disk of this computer failed. The room was closed; what was acknowledged before is kept.',
      ),
  });
}

async function sentenceFor(error: unknown, { address, data }: Flags): Promise<string> {
  if (error instanceof PortTaken) {
    const next = await freePort(error.port + 1, address);
    return `Port ${error.port} is in use. Try --port ${next}, or leave --port out.`;
  }
  if (error instanceof DirectoryInUse) {
    const which = error.pid === null ? 'Another Salon' : `Another Salon (process ${error.pid})`;
    return `${which} hosts the room in ${data}. Close it there first, or choose another --data.`;
  }
  if (error instanceof NewerDatabase)
    return `The room in ${data} was made by a newer Salon. Open it with that one.`;
  if (error instanceof DamagedDatabase) {
    return `The room in ${data} cannot be read, and there is no good copy in its backups; nothing in it was changed. Restore a copy of the folder. (${error.message})`;
  }
  if (error instanceof DamagedKey)
    return `The key of the room in ${data} cannot be read; it was left as it is. Restore a copy of the folder. (${error.message})`;
  if (error instanceof UnwritableDirectory) return `A room cannot be kept in ${data}: ${error.message}.`;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EINVAL') {
    return `${address} is not an address of this computer. Leave --address out to listen on all of them.`;
  }
  return error instanceof Error ? message : String(error);
}

/** A router in front of many people makes them one address. */
function limitsFor({ perAddress, members, allowance }: Flags) {
  return {
    ...(members === undefined ? {} : { members }),
    ...(allowance === undefined ? {} : { allowance }),
    ...(perAddress === undefined
      ? {}
      : {
          perAddress,
          connections: Math.max(CONNECTION_LIMITS.connections, perAddress * 2),
          connectionsPerAddress: Math.max(CONNECTION_LIMITS.connectionsPerAddress, perAddress * 2),
          unsigned: Math.max(CONNECTION_LIMITS.unsigned, perAddress),
          newPerAddress: { perSecond: Math.max(1, perAddress / 10), burst: Math.max(30, perAddress) },
          signUps: { ...ROOM_LIMITS.signUps, burst: Math.max(ROOM_LIMITS.signUps.burst, perAddress) },
        }),
  };
}

void main();
