import { hostname } from 'node:os';
import { parseArgs } from 'node:util';
import type { InputOf } from './protocol/commands.ts';
import { DEFAULT_PORT, LIMITS, type Access, type BrowserDoor, type InviteRole } from './protocol/entities.ts';
import { VERSION } from './version.ts';

/** What `npm run host` is asked for. */

export const HELP = `Salon ${VERSION}: hosts a room without a window.

  npm run host -- --data DIR [options]

  --data DIR       The folder that keeps the room: its key, its accounts, its history. Made if it is missing;
                   the same folder opens the same room again.
  --name NAME      What the room is called when it is opened for the first time.
                   Otherwise the name of this computer.
  --port N         The port to listen on. Without it, ${DEFAULT_PORT} or the next free one; 0 takes any free one.
  --address IP     Listen on this address of the computer only, for example 127.0.0.1.
  --access open|invited
                   Who may sign up: whoever finds the room, or only with a join code.
  --guests off|encrypted|simple
                   Whether guests may come in with a browser, without an account. Encrypted: their browser warns
                   them of the room's own certificate. Simple: no warning, but the lobby crosses the network in clear.
  --guests-for HOURS
                   How long guests may come in and stay (24). Up to 168; 0 lets none in, so that the encrypted
                   page is for members alone.
  --max-members N  How many people may be in the room at one time.
  --max-per-address N
                   Connections allowed from one address (20), for people behind one router.
  --allowance N    Let each connection ask N times as often as usual, for programs that write a lot.
  --no-announce    Do not let this network know that the room is here. Join codes work as before.
  --invite member|guest
                   Make a join code and print it: once the room has an owner.
  --invite-for HOURS
                   How long it works. Otherwise until it is revoked.
  --invite-uses N  How often it works. Otherwise any number of times.
  --qr             Print QR codes even where the output is no terminal.
  --json           JSON lines on standard output instead of sentences: url, port, pid, room, owner, addresses,
                   fingerprint, settings. A join code that was asked for follows in a line of its own.
  --help           This text.

  Without --access and --guests, a room stays as its owner left it.
  The first account must be its owner's: open the link that is printed.
  Ctrl-C closes the room: members are told, and everything that was acknowledged is on disk.

  Example:  npm run host -- --data ./class --name "Classe 4B"
`;

/** Wrong flags, or a room that cannot be opened: the sentence says which. */
export const EXIT_REFUSED = 2;

const HOUR_MS = 3_600_000;
const USUAL_GUEST_HOURS = 24;
const MOST_GUEST_HOURS = 7 * 24;
const MOST_INVITE_HOURS = 10 * 365 * 24;

export interface Flags {
  data: string;
  name: string;
  port: number | null;
  address: string | undefined;
  perAddress: number | undefined;
  members: number | undefined;
  allowance: number | undefined;
  announce: boolean;
  /** What of the room's settings is asked for; the rest stays. */
  change: InputOf<'room.change'>;
  invite: InputOf<'invite.create'> | null;
  qr: boolean;
  json: boolean;
}

export function readFlags(): Flags {
  const values = parse();
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
    port: wholeNumber('--port', values.port, 0, 65_535) ?? null,
    address: values.address,
    perAddress: wholeNumber('--max-per-address', values['max-per-address'], 0, 10_000),
    members: wholeNumber('--max-members', values['max-members'], 1, 10_000),
    allowance: wholeNumber('--allowance', values.allowance, 1, 10_000),
    announce: !values['no-announce'],
    change: {
      ...accessOf(values.access),
      ...guestsOf(values.guests, wholeNumber('--guests-for', values['guests-for'], 0, MOST_GUEST_HOURS)),
    },
    invite: inviteOf(
      values.invite,
      wholeNumber('--invite-for', values['invite-for'], 1, MOST_INVITE_HOURS),
      wholeNumber('--invite-uses', values['invite-uses'], 1, LIMITS.inviteUses),
    ),
    qr: values.qr || process.stdout.isTTY,
    json: values.json,
  };
}

function parse() {
  try {
    return parseArgs({
      options: {
        data: { type: 'string' },
        name: { type: 'string' },
        port: { type: 'string' },
        address: { type: 'string' },
        access: { type: 'string' },
        guests: { type: 'string' },
        'guests-for': { type: 'string' },
        'max-members': { type: 'string' },
        'max-per-address': { type: 'string' },
        allowance: { type: 'string' },
        'no-announce': { type: 'boolean', default: false },
        invite: { type: 'string' },
        'invite-for': { type: 'string' },
        'invite-uses': { type: 'string' },
        qr: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    const [what = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
    return refuse(`${what.replace(/\.$/, '')}. See --help.`);
  }
}

function accessOf(typed: string | undefined): { access?: Access } {
  const access = oneOf('--access', typed, ['open', 'invited']);
  return access === undefined ? {} : { access };
}

function guestsOf(
  typed: string | undefined,
  hours: number | undefined,
): { door?: BrowserDoor; guestsForMs?: number | null } {
  const guests = oneOf('--guests', typed, ['off', 'encrypted', 'simple']);
  if (guests === undefined) {
    return hours === undefined ? {} : refuse('--guests-for needs --guests encrypted or --guests simple.');
  }
  if (guests === 'off') return { door: 'none', guestsForMs: null };
  return { door: guests, guestsForMs: hours === 0 ? null : (hours ?? USUAL_GUEST_HOURS) * HOUR_MS };
}

function inviteOf(
  typed: string | undefined,
  hours: number | undefined,
  uses: number | undefined,
): InputOf<'invite.create'> | null {
  const role: InviteRole | undefined = oneOf('--invite', typed, ['member', 'guest']);
  if (role !== undefined)
    return { role, expiresInMs: hours === undefined ? null : hours * HOUR_MS, uses: uses ?? null };
  if (hours !== undefined || uses !== undefined) {
    return refuse('--invite-for and --invite-uses need --invite member or --invite guest.');
  }
  return null;
}

function oneOf<const W extends string>(
  flag: string,
  typed: string | undefined,
  words: readonly W[],
): W | undefined {
  if (typed === undefined) return undefined;
  const word = words.find((each) => each === typed);
  return word ?? refuse(`${flag} takes one of: ${words.join(', ')}.`);
}

function wholeNumber(
  flag: string,
  text: string | undefined,
  least: number,
  most: number,
): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text.trim() === '' || !Number.isInteger(number) || number < least || number > most) {
    return refuse(`${flag} takes a whole number from ${least} to ${most}.`);
  }
  return number;
}

export function refuse(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(EXIT_REFUSED);
}
