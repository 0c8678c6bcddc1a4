import { hostname } from 'node:os';
import { parseArgs } from 'node:util';
import { ownAddresses } from './addresses.ts';
import { freePort, openHost, PortTaken, type Host } from './host.ts';
import { findPageDirectory } from './page-directory.ts';
import { formatAddress } from './protocol/address.ts';
import { DEFAULT_PORT, LIMITS } from './protocol/entities.ts';
import { DamagedDatabase, DirectoryInUse, NewerDatabase, UnwritableDirectory } from './store/failures.ts';
import { VERSION } from './version.ts';

/** A host without a window: flags in, a room out. */

const HELP = `Salon ${VERSION}: hosts a room without a window.

  npm run host -- --data DIR [options]

  --data DIR       The folder that keeps the room: its accounts, its history. Made if it is missing;
                   the same folder opens the same room again.
  --name NAME      What the room is called when it is opened for the first time.
                   Otherwise the name of this computer.
  --port N         The port to listen on. Without it, ${DEFAULT_PORT} or the next free one; 0 takes any free one.
  --address IP     Listen on this address of the computer only, for example 127.0.0.1.
  --max-per-address N
                   Connections allowed from one address (20), for people behind one router.
  --json           One JSON line on standard output instead of sentences: url, port, pid, room, owner, addresses.
  --help           This text.

  The first account must be its owner's: open the link that is printed.
  Ctrl-C closes the room: members are told, and everything that was acknowledged is on disk.

  Example:  npm run host -- --data ./class --name "Classe 4B"
`;

/** Wrong flags, or a room that cannot be opened: the sentence says which. */
const EXIT_REFUSED = 2;

interface Flags {
  data: string;
  name: string;
  port: number | null;
  address: string | undefined;
  perAddress: number | undefined;
  json: boolean;
}

async function main(): Promise<void> {
  const flags = readFlags();
  const host = await open(flags);
  let closing = false;
  const close = async () => {
    if (closing) return;
    closing = true;
    await host.close();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void close());
  // Whoever reads our output may go before we do.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  process.stdout.write(flags.json ? `${JSON.stringify(report(host, flags))}\n` : sentences(host, flags));
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
    ...(flags.address === undefined ? {} : { address: flags.address }),
    ...(flags.perAddress === undefined ? {} : { limits: limitsFor(flags.perAddress) }),
    onFailure: () =>
      refuse('The disk of this computer failed. The room was closed; what was acknowledged before is kept.'),
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
    return `The room in ${data} cannot be read; nothing in it was changed. Restore a copy of the folder. (${error.message})`;
  }
  if (error instanceof UnwritableDirectory) return `A room cannot be kept in ${data}: ${error.message}.`;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EINVAL') {
    return `${address} is not an address of this computer. Leave --address out to listen on all of them.`;
  }
  return error instanceof Error ? message : String(error);
}

/** A router in front of many people makes them one address. */
function limitsFor(perAddress: number) {
  return {
    perAddress,
    connections: Math.max(1_000, perAddress * 2),
    unsigned: Math.max(200, perAddress),
    newPerAddress: { perSecond: Math.max(1, perAddress / 10), burst: Math.max(30, perAddress) },
  };
}

function readFlags(): Flags {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        data: { type: 'string' },
        name: { type: 'string' },
        port: { type: 'string' },
        address: { type: 'string' },
        'max-per-address': { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    const [what = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
    return refuse(`${what.replace(/\.$/, '')}. See --help.`);
  }
  if (values.help) {
    process.stdout.write(HELP);
    process.exit(0);
  }
  if (values.data === undefined) return refuse('Say where the room is kept: --data DIR. See --help.');
  const name = (values.name ?? hostname()).trim();
  if (name === '' || [...name].length > LIMITS.roomNameCharacters) {
    return refuse(`A room’s name has 1 to ${LIMITS.roomNameCharacters} characters.`);
  }
  return {
    data: values.data,
    name,
    port: values.port === undefined ? null : wholeNumber('--port', values.port, 65_535),
    address: values.address,
    perAddress:
      values['max-per-address'] === undefined
        ? undefined
        : wholeNumber('--max-per-address', values['max-per-address'], 10_000),
    json: values.json,
  };
}

function wholeNumber(flag: string, text: string, most: number): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isInteger(number) || number < 0 || number > most) {
    return refuse(`${flag} takes a whole number from 0 to ${most}.`);
  }
  return number;
}

function refuse(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(EXIT_REFUSED);
}

function urls(host: Host, flags: Flags): string[] {
  const all = flags.address === undefined ? ownAddresses().map(({ address }) => address) : [flags.address];
  return all.map((address) => `http://${formatAddress({ host: address, port: host.port })}/`);
}

function report(host: Host, flags: Flags) {
  const url = `http://${formatAddress({ host: flags.address ?? '127.0.0.1', port: host.port })}/`;
  const code = host.ownerCode();
  return {
    url,
    port: host.port,
    pid: process.pid,
    room: { id: host.room.id, name: host.room.name },
    /** How the first owner signs up; null once there is one. */
    owner: code === null ? null : { code, url: `${url}#owner=${code}` },
    addresses: urls(host, flags),
  };
}

function sentences(host: Host, flags: Flags): string {
  const { owner } = report(host, flags);
  const lines = [
    `${host.room.name} is open.`,
    '',
    'People on this network join in a browser, or in Salon, at:',
    ...urls(host, flags).map((url) => `  ${url}`),
    '',
    ...(owner === null
      ? []
      : ['You are its owner if you sign up first, with this link:', `  ${owner.url}`, '']),
    'Ctrl-C closes the room. Everything is kept for the next time.',
    '',
  ];
  return lines.join('\n');
}

void main();
