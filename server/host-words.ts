import { renderUnicodeCompact } from 'uqr';
import { ownAddresses } from './addresses.ts';
import { keyWords } from './client/key-words.ts';
import type { Flags } from './flags.ts';
import type { Host } from './host.ts';
import { formatAddress, type Address } from './protocol/address.ts';
import type { Invite } from './protocol/entities.ts';
import { salonLink, webLink } from './protocol/invite.ts';
import type { Restored } from './store/restoring.ts';

/** What a host without a window says: to a person, or to a program. */

/** One line of JSON. */
export function report(host: Host, flags: Flags) {
  const url = urlAt(host, addressOf(host, flags));
  const code = host.ownerCode();
  const join = host.ownerJoinCode();
  return {
    url,
    port: host.port,
    pid: process.pid,
    room: { id: host.room.id, name: host.room.name },
    /** How the first owner signs up; null once there is one. */
    owner:
      code === null || join === null ? null : { code, url: `${url}#join=${join}`, link: salonLink(join) },
    addresses: addresses(host, flags).map((address) => urlAt(host, address)),
    fingerprint: host.fingerprint,
    settings: host.settings(),
    /** The room was damaged at this start, and a copy took its place: of when, why, and where the damaged files are. */
    restored: host.restored,
  };
}

export async function sentences(host: Host, flags: Flags): Promise<string> {
  const join = host.ownerJoinCode();
  const { door, access } = host.settings();
  const words = await keyWords(host.fingerprint, 'en');
  const lines = [
    `${host.room.name} is open.`,
    '',
    ...(host.restored === null ? [] : restoredLines(host.restored)),
    'People on this network join in Salon, at:',
    ...addresses(host, flags).map((address) => `  ${formatAddress(address)}`),
    ...(door === 'none'
      ? []
      : ['or with a browser, at:', ...addresses(host, flags).map((address) => `  ${urlAt(host, address)}`)]),
    '',
    'Its key, as six words to compare at the first meeting:',
    `  ${words.join(' ')}`,
    '',
    ...(join === null ? howToInvite(access) : ownersLink(join, flags)),
    '',
    'Ctrl-C closes the room. Everything is kept for the next time.',
    '',
  ];
  return lines.join('\n');
}

function restoredLines({ from, why, aside }: Restored): string[] {
  return [
    `Its file could not be read (${why}), so its copy of ${new Date(from).toLocaleString('en')} has taken its place.`,
    'What was written since then is not in it; passwords, bans and join codes are as they were then.',
    ...(aside === null ? [] : ['The damaged files were put aside in:', `  ${aside}`]),
    '',
  ];
}

function ownersLink(join: string, flags: Flags): string[] {
  const link = salonLink(join);
  return ['You are its owner if you sign up first, with this link:', `  ${link}`, ...qr(link, flags)];
}

function howToInvite(access: 'open' | 'invited'): string[] {
  return [
    access === 'invited'
      ? 'Whoever has no account needs a join code. Its owner makes one in Salon, under Invite;'
      : 'Whoever finds it may sign up. Its owner makes join codes in Salon, under Invite;',
    'so does --invite member or --invite guest, here.',
  ];
}

/** A join code, as a link, to read aloud, and to scan. */
export function inviteLines(invite: Invite, host: Host, flags: Flags): string {
  const { link, web } = inviteLinks(invite, host, flags);
  const lines = [
    `A join code for a ${invite.role}${terms(invite)}:`,
    `  ${link}`,
    ...(web === null ? [] : ['in a browser:', `  ${web}`]),
    'to read aloud:',
    `  ${invite.spoken}`,
    // A telephone has no Salon: it needs the page.
    ...qr(web ?? link, flags),
    '',
  ];
  return lines.join('\n');
}

export function inviteLinks(invite: Invite, host: Host, flags: Flags): { link: string; web: string | null } {
  const { door } = host.settings();
  const web = door === 'none' ? null : webLink(invite.code, door, addressOf(host, flags, 'others'));
  return { link: salonLink(invite.code), web };
}

function terms({ expiresAt, uses }: Invite): string {
  const until = expiresAt === null ? '' : `, until ${new Date(expiresAt).toLocaleString('en')}`;
  return until + (uses === null ? '' : `, for ${uses} ${uses === 1 ? 'use' : 'uses'}`);
}

function qr(text: string, flags: Flags): string[] {
  return flags.qr ? ['', renderUnicodeCompact(text, { ecc: 'M', border: 2 })] : [];
}

/** Virtual cards lead others astray as long as there is a real one. */
function addresses(host: Host, flags: Flags): Address[] {
  const { address: only = '::' } = flags;
  const cards = ownAddresses();
  const hasReal = cards.some(({ kind }) => kind !== 'virtual' && kind !== 'loopback');
  const useful = cards.filter(({ kind }) => kind !== 'virtual' || !hasReal).map(({ address }) => address);
  const all = only === '::' || only === '0.0.0.0' ? useful : [only];
  return all.map((each) => ({ host: each, port: host.port }));
}

/** For this computer itself, or the likeliest for others. */
function addressOf(host: Host, flags: Flags, whom: 'here' | 'others' = 'here'): Address {
  const all = addresses(host, flags);
  const here = { host: '127.0.0.1', port: host.port };
  const isEverywhere = all.some((address) => address.host === here.host);
  return (whom === 'here' && isEverywhere ? here : all[0]) ?? here;
}

/** The page's own address: even where no browser is let in, it is where the room is. */
function urlAt(host: Host, address: Address): string {
  return `${host.settings().door === 'simple' ? 'http' : 'https'}://${formatAddress(address)}/`;
}
