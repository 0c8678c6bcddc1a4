import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ownAddresses } from '../../../server/addresses.ts';
import { freePort, openHost, type Host } from '../../../server/host.ts';
import { findPageDirectory } from '../../../server/page-directory.ts';
import { formatAddress } from '../../../server/protocol/address.ts';
import { DEFAULT_PORT, type Language } from '../../../server/protocol/entities.ts';
import { Company } from './company.ts';
import { seedRoom, type SeededRoom } from './seed.ts';

/** A room with people in it, to look at. */

const HELP = `Opens a room full of made-up people who come, go and talk.

  npm run demo -- [options]

  --data DIR         Keep the room in this folder, and open it again from there. Otherwise it is gone at the end.
  --port N           The port to listen on. Without it, ${DEFAULT_PORT} or the next free one; 0 takes any free one.
  --address IP       Listen on this address of the computer only. Without it, on all of them.
  --members N        How many people (12).
  --messages N       How many messages to everybody (400). 100000 take a quarter of a minute.
  --language en|fr   What they speak (en).
  --seed N           Another number, another room (1).
  --still            Nobody is there and nothing moves.
  --json             One JSON line on standard output instead of sentences.
  --help             This text.

  Everybody has the same password, and it is printed: whoever is on the network may come in as anybody, the owner
  included. Do not keep anything in such a room. Ctrl-C closes it.

  Example:  npm run demo -- --language fr --members 30
`;

/** Beside the room: who is in it. A folder without it holds no demo, and is left alone. */
const FILE = 'demo.json';
const EXIT_REFUSED = 2;

interface Flags {
  data: string | undefined;
  port: number | null;
  address: string | undefined;
  seed: number;
  members: number;
  messages: number;
  language: Language;
  still: boolean;
  json: boolean;
}

async function main(): Promise<void> {
  const flags = readFlags();
  const directory = flags.data ?? (await mkdtemp(join(tmpdir(), 'salon-demo-')));
  const ending = new Ending();
  if (flags.data === undefined) ending.first(() => rm(directory, { recursive: true, force: true }));
  try {
    const room = await findOrSeed(directory, flags);
    const host = await open(directory, room, flags);
    ending.first(() => host.close());
    if (!flags.still) {
      const company = new Company(reachable(host, flags), room, flags.seed);
      ending.first(() => company.end());
      await company.begin();
    }
    process.stdout.write(
      flags.json ? `${JSON.stringify(report(host, room, directory, flags))}\n` : sentences(host, room, flags),
    );
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    await ending.now(EXIT_REFUSED);
  }
}

/** What is left to do when it is over, the latest first: people leave, the room closes, its folder goes. */
class Ending {
  readonly #steps: (() => Promise<void>)[] = [];
  #begun = false;

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void this.now(0));
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  }

  first(step: () => Promise<void>): void {
    this.#steps.unshift(step);
  }

  async now(status: number): Promise<void> {
    if (this.#begun) return;
    this.#begun = true;
    for (const step of this.#steps) await step();
    process.exit(status);
  }
}

async function findOrSeed(directory: string, flags: Flags): Promise<SeededRoom> {
  const file = join(directory, FILE);
  // Ours, or whoever may write there could do worse.
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as SeededRoom;
  const { seed, members, messages, language } = flags;
  if (!flags.json && messages > 10_000) process.stderr.write(`Writing ${messages} messages …\n`);
  const room = await seedRoom(directory, { seed, members, messages, language });
  writeFileSync(file, JSON.stringify(room), { mode: 0o600 });
  return room;
}

async function open(directory: string, room: SeededRoom, flags: Flags): Promise<Host> {
  // Everybody comes from this computer.
  const many = 2 * room.members.length + 100;
  return openHost({
    directory,
    name: room.roomName,
    port: flags.port ?? (await freePort(DEFAULT_PORT, flags.address)),
    pageDirectory: findPageDirectory(),
    ...(flags.address === undefined ? {} : { address: flags.address }),
    // To be looked at from a browser, by people with a password.
    door: 'encrypted',
    limits: {
      connections: many + 1_000,
      perAddress: many,
      unsigned: many,
      newPerAddress: { perSecond: many, burst: many },
    },
    onFailure: () => refuse('The disk of this computer failed. The room was closed.'),
  });
}

/** For the people of the demo, who are in this process. */
function reachable(host: Host, { address }: Flags): string {
  return formatAddress({ host: address ?? '127.0.0.1', port: host.port });
}

function urls(host: Host, { address }: Flags): string[] {
  const all = address === undefined ? ownAddresses().map((own) => own.address) : [address];
  return all.map((each) => `https://${formatAddress({ host: each, port: host.port })}/`);
}

function report(host: Host, { members, password, head, lobby }: SeededRoom, directory: string, flags: Flags) {
  return {
    url: `https://${reachable(host, flags)}/`,
    port: host.port,
    pid: process.pid,
    directory,
    room: { id: host.room.id, name: host.room.name },
    lobby,
    head,
    owner: { username: members[0]?.username ?? '', password },
    members: members.map(({ username }) => username),
    addresses: urls(host, flags),
  };
}

function sentences(host: Host, room: SeededRoom, flags: Flags): string {
  const { members, password } = room;
  const [owner, ...others] = members.map(({ username }) => username);
  const some = others.slice(0, 4).join(', ');
  return [
    `${host.room.name} is open, with ${members.length} people in it${flags.still ? '' : ', who talk'}.`,
    '',
    ...urls(host, flags).map((url) => `  ${url}`),
    '',
    `  Sign in as its owner:  ${owner ?? ''}`,
    `  Password:              ${password}`,
    ...(some === '' ? [] : [`  The same for the others: ${some}${others.length > 4 ? ' …' : ''}`]),
    '',
    flags.data === undefined
      ? 'Ctrl-C closes the room, and nothing is kept.'
      : `Ctrl-C closes the room. It is kept in ${flags.data}.`,
    '',
  ].join('\n');
}

function readFlags(): Flags {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        data: { type: 'string' },
        port: { type: 'string' },
        address: { type: 'string' },
        seed: { type: 'string', default: '1' },
        members: { type: 'string', default: '12' },
        messages: { type: 'string', default: '400' },
        language: { type: 'string', default: 'en' },
        still: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    return refuse(`${error instanceof Error ? error.message : String(error)}. See --help.`);
  }
  if (values.help) {
    process.stdout.write(HELP);
    process.exit(0);
  }
  const { language } = values;
  if (language !== 'en' && language !== 'fr') return refuse('--language is en or fr.');
  return {
    // npm itself stands in the project's folder; the person stood elsewhere.
    data:
      values.data === undefined ? undefined : resolve(process.env['INIT_CWD'] ?? process.cwd(), values.data),
    port: values.port === undefined ? null : wholeNumber('--port', values.port, 0, 65_535),
    address: values.address,
    seed: wholeNumber('--seed', values.seed, 0, 2 ** 32 - 1),
    members: wholeNumber('--members', values.members, 1, 5_000),
    messages: wholeNumber('--messages', values.messages, 0, 10_000_000),
    language,
    still: values.still,
    json: values.json,
  };
}

function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isInteger(number) || number < least || number > most) {
    return refuse(`${flag} takes a whole number from ${least} to ${most}.`);
  }
  return number;
}

function refuse(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(EXIT_REFUSED);
}

void main();
