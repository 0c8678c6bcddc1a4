import { parseAddress, formatAddress } from './address.ts';
import { diagnosisWords, type DataPlace, type Report, type Trial } from './diagnosis.ts';
import type { CardAddress, Language } from './entities.ts';

/**
 * A report as text to hand to whoever helps. Nothing private: no name of a room, a person or a computer, no code, no
 * key, no folder, and of an address only as much as says which kind of network it is.
 */

interface Words {
  title: string;
  addresses: string;
  noAddress: string;
  kinds: Record<CardAddress['kind'], string>;
  multicast: Record<Report['multicast'], string>;
  nearby: (count: number) => string;
  dataPlace: Record<DataPlace, string>;
  data: (isWritable: boolean) => string;
  disk: (gigabytes: string) => string;
  hosting: (port: number, knocks: number) => string;
  trial: (address: string, what: string, ms: number) => string;
  fine: string;
  clock: (minutes: number, isAhead: boolean) => string;
  sameClock: string;
  aName: string;
}

const WORDS: Record<Language, Words> = {
  en: {
    title: 'Salon, diagnostics',
    addresses: 'Addresses of this computer:',
    noAddress: 'none',
    kinds: {
      ethernet: 'cable',
      wifi: 'Wi-Fi',
      vpn: 'VPN',
      virtual: 'virtual',
      other: 'other',
      loopback: 'this computer only',
    },
    multicast: {
      ok: 'Rooms nearby can be found.',
      silent: 'Rooms nearby cannot be found: this network or computer does not let such questions through.',
      noNetwork: 'This computer is on no network.',
    },
    nearby: (count) => `Rooms that announce themselves: ${count}`,
    dataPlace: {
      named: 'The data is kept in the folder that was named.',
      program: 'The data is kept beside the program.',
      person: 'The data is kept in the folder of the person who uses this computer.',
      programReadOnly:
        'The folder beside the program cannot be written: the data is kept in that of the person who uses this computer.',
    },
    data: (isWritable) => `The data folder can be written: ${isWritable ? 'yes' : 'no'}`,
    disk: (gigabytes) => `Free on its disk: ${gigabytes} GB`,
    hosting: (port, knocks) => `This computer hosts a room on port ${port}; knocks at its door: ${knocks}`,
    trial: (address, what, ms) => `${address}: ${what} (${ms} ms)`,
    fine: 'answers',
    clock: (minutes, isAhead) =>
      `The host’s clock is ${minutes} min ${isAhead ? 'ahead of' : 'behind'} this computer’s.`,
    sameClock: 'The two clocks agree.',
    aName: 'a name',
  },
  fr: {
    title: 'Salon, diagnostic',
    addresses: 'Adresses de cet ordinateur :',
    noAddress: 'aucune',
    kinds: {
      ethernet: 'câble',
      wifi: 'Wi-Fi',
      vpn: 'VPN',
      virtual: 'virtuelle',
      other: 'autre',
      loopback: 'cet ordinateur seulement',
    },
    multicast: {
      ok: 'Les salons à proximité peuvent être trouvés.',
      silent:
        'Les salons à proximité ne peuvent pas être trouvés : ce réseau ou cet ordinateur ne laisse pas passer ces questions.',
      noNetwork: 'Cet ordinateur n’est sur aucun réseau.',
    },
    nearby: (count) => `Salons qui s’annoncent : ${count}`,
    dataPlace: {
      named: 'Les données sont dans le dossier indiqué.',
      program: 'Les données sont à côté du programme.',
      person: 'Les données sont dans le dossier de la personne qui utilise cet ordinateur.',
      programReadOnly:
        'Le dossier à côté du programme n’est pas accessible en écriture : les données sont dans celui de la personne qui utilise cet ordinateur.',
    },
    data: (isWritable) => `Le dossier de données est accessible en écriture : ${isWritable ? 'oui' : 'non'}`,
    disk: (gigabytes) => `Espace libre sur son disque : ${gigabytes} Go`,
    hosting: (port, knocks) =>
      `Cet ordinateur héberge un salon sur le port ${port} ; coups frappés à sa porte : ${knocks}`,
    trial: (address, what, ms) => `${address} : ${what} (${ms} ms)`,
    fine: 'répond',
    clock: (minutes, isAhead) =>
      `L’horloge de l’hôte ${isAhead ? 'avance' : 'retarde'} de ${minutes} min sur celle de cet ordinateur.`,
    sameClock: 'Les deux horloges s’accordent.',
    aName: 'un nom',
  },
};

/** Clocks that differ by less are alike. In milliseconds. */
const CLOCK_MS = 60_000;

export function reportText(report: Report, language: Language): string {
  const words = WORDS[language];
  const { diagnosis, hosting, clockAheadMs, freeDiskBytes } = report;
  const trials = (all: readonly Trial[]) =>
    all.map(({ address, found, ms }) => {
      const what = found === 'fine' ? words.fine : found;
      return `  ${words.trial(maskAddress(address, words.aName), what, ms)}`;
    });
  const addresses = report.addresses.map(
    ({ address, kind }) => `  ${maskHost(address, words.aName)} (${words.kinds[kind]})`,
  );
  const lines = [
    words.title,
    `Salon ${report.version}, ${report.system}, ${new Date(report.at).toISOString()}`,
    '',
    ...(diagnosis === null ? [] : [...sentences(report, language), ...trials(diagnosis.trials), '']),
    words.addresses,
    ...(addresses.length === 0 ? [`  ${words.noAddress}`] : addresses),
    words.multicast[report.multicast],
    words.nearby(report.nearby),
    words.dataPlace[report.dataPlace],
    words.data(report.dataWritable),
    ...(freeDiskBytes === null ? [] : [words.disk((freeDiskBytes / 1e9).toFixed(1))]),
    ...(hosting === null ? [] : [words.hosting(hosting.port, hosting.knocks), ...trials(hosting.reached)]),
    ...(clockAheadMs === null ? [] : [clockLine(clockAheadMs, words)]),
  ];
  return `${lines.join('\n')}\n`;
}

/** What happened, and what to do. */
function sentences({ diagnosis }: Report, language: Language): string[] {
  if (diagnosis === null) return [];
  const address = maskAddress(diagnosis.address, WORDS[language].aName);
  const { what, advice } = diagnosisWords({ ...diagnosis, address }, language);
  return [`${what} ${advice} [${diagnosis.code}]`];
}

function clockLine(aheadMs: number, words: Words): string {
  const minutes = Math.round(Math.abs(aheadMs) / 60_000);
  return Math.abs(aheadMs) < CLOCK_MS ? words.sameClock : words.clock(minutes, aheadMs > 0);
}

/** `192.168.*.*:4870`; of a name nothing but the port. */
function maskAddress(text: string, aName: string): string {
  const address = parseAddress(text);
  if (address === null) return text === '' ? '' : aName;
  const host = maskHost(address.host, aName);
  return host === aName ? `${aName}:${address.port}` : formatAddress({ host, port: address.port });
}

function maskHost(host: string, aName: string): string {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return host.replace(/\.\d+\.\d+$/, '.*.*');
  if (!host.includes(':')) return aName;
  const [first = '', second = ''] = host.split(':');
  return `${first}:${second}:*`;
}
