import type { Hosting, RecentRoom } from '../../server/protocol/control.ts';
import type { CardAddress } from '../../server/protocol/entities.ts';

/** Made-up rooms and computers for the scenes. */

export const fingerprints = [
  'AAADAAAAAAGrk0Yy6Jv3W2mUqzXcB7dNfPgHhTsLoEx',
  'ARICAwQFBgerk0Yy6Jv3W2mUqzXcB7dNfPgHhTsLoEx',
  'AgIDBAUGBwirk0Yy6Jv3W2mUqzXcB7dNfPgHhTsLoEx',
  'BxMGBQQDAgGrk0Yy6Jv3W2mUqzXcB7dNfPgHhTsLoEx',
  'BCgJAQYCBQKrk0Yy6Jv3W2mUqzXcB7dNfPgHhTsLoEx',
  'BRECBgQFAQKrk0Yy6Jv3W2mUqzXcB7dNfPgHhTsLoEx',
] as const;

export const addresses: CardAddress[] = [
  { address: '192.168.1.24', card: 'eth0', kind: 'ethernet', loopback: false },
  { address: '10.8.0.6', card: 'tun0', kind: 'vpn', loopback: false },
  { address: '172.17.0.1', card: 'docker0', kind: 'virtual', loopback: false },
  { address: '192.168.122.1', card: 'virbr0', kind: 'virtual', loopback: false },
  { address: '127.0.0.1', card: 'lo', kind: 'loopback', loopback: true },
];

const DAY = 86_400_000;
const names = [
  'Petit Théâtre',
  'Salle 204',
  'Dry dock',
  'Atelier bois',
  'Club de robotique et d’électronique du lycée',
];

export const recent: RecentRoom[] = names.map((name, at) => ({
  roomId: `01J8ZQ4T7N9X5C2V6B3M1K0H${at}${at}`,
  name,
  fingerprint: fingerprints[at] ?? '',
  addresses: [`192.168.1.${30 + at}:${at === 2 ? 4871 : 4870}`],
  hosted: at % 3 === 0,
  lastAt: Date.now() - at * at * DAY,
}));

export const hosting: Hosting = {
  roomId: recent[0]?.roomId ?? '',
  name: 'Petit Théâtre',
  port: 4871,
  fingerprint: fingerprints[0],
  addresses,
  ownerCode: null,
  online: 0,
  restored: null,

  since: Date.now(),
};
