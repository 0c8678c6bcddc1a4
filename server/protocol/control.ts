import * as v from 'valibot';
import { Diagnosis, Report } from './diagnosis.ts';
import {
  Access,
  bytes,
  CardAddress,
  Fingerprint,
  Id,
  Language,
  LIMITS,
  Restoration,
  Timestamp,
  TypedFileName,
} from './entities.ts';
import { Fields } from './frames.ts';

/**
 * What the window may ask of its own computer: host, join, leave, remember. It travels on the same loopback socket as
 * the room's frames and is told apart by how the text begins, so that the extension relays everything else unread.
 */
export const CONTROL_PREFIX = '{"t":"app.';

/** The loopback socket's close code when another window or tab took its place. */
export const REPLACED = 4009;

/** The loopback socket's subprotocol, and the prefix of the one that carries its token. */
export const CONTROL_SUBPROTOCOL = 'salon-app.v1';
export const CONTROL_TOKEN_PREFIX = 'salon-token.';

export const Look = v.picklist(['system', 'day', 'evening']);
export type Look = v.InferOutput<typeof Look>;

const settings = {
  language: v.nullable(Language),
  look: Look,
  /** Size of the text in CSS pixels. */
  textSize: v.pipe(v.number(), v.integer(), v.minValue(13), v.maxValue(20)),
  plainWallpaper: v.boolean(),
  /** What the announcement log tells a screen reader. */
  announce: v.picklist(['all', 'private', 'none']),
  /** Which messages the system tells of while somebody looks elsewhere. */
  notify: v.picklist(['all', 'private', 'none']),
  /** The notification says what was written, not only by whom. */
  notifyText: v.boolean(),
  /** A sound with each notification. */
  notifySound: v.boolean(),
};

/** What a person chose on this computer. */
export const Settings = v.strictObject(settings);
export type Settings = v.InferOutput<typeof Settings>;

/** Some of it. */
export const SettingsChange = v.strictObject({
  language: v.exactOptional(settings.language),
  look: v.exactOptional(settings.look),
  textSize: v.exactOptional(settings.textSize),
  plainWallpaper: v.exactOptional(settings.plainWallpaper),
  announce: v.exactOptional(settings.announce),
  notify: v.exactOptional(settings.notify),
  notifyText: v.exactOptional(settings.notifyText),
  notifySound: v.exactOptional(settings.notifySound),
});
export type SettingsChange = v.InferOutput<typeof SettingsChange>;

export const DEFAULT_SETTINGS: Settings = {
  language: null,
  look: 'system',
  textSize: 15,
  plainWallpaper: false,
  announce: 'all',
  notify: 'private',
  notifyText: true,
  notifySound: true,
};

/** So much of a file is saved, or read, with one ask, in bytes. */
export const FILE_PART_BYTES = 512 * 1024;

/** The most letters of a notification. */
export const NOTIFICATION = { title: 500, text: 2_000 };

/** Something of the system's that a person may switch; `none` where this system, or this Salon, has no such thing. */
export const Switch = v.picklist(['on', 'off', 'none']);
export type Switch = v.InferOutput<typeof Switch>;

/** What Salon is to the desktop around it. */
export const Desktop = v.object({
  /** Its own program shows notifications; the page need not. */
  notifications: v.boolean(),
  /** Somebody would show a symbol of Salon's window in the tray. */
  tray: v.boolean(),
  /** Salon opens when the person signs in to the computer. */
  atLogin: Switch,
  /** `salon:` links open it. */
  links: Switch,
});
export type Desktop = v.InferOutput<typeof Desktop>;

/** A file that was dropped on the window, which its page was not shown. */
export const DroppedFile = v.object({
  /** To read it by. */
  id: v.number(),
  name: v.string(),
  /** In bytes; null for a folder. */
  size: v.nullable(v.number()),
});
export type DroppedFile = v.InferOutput<typeof DroppedFile>;

/** A room that this computer hosts now. */
export const Hosting = v.object({
  roomId: Id,
  name: v.string(),
  port: v.number(),
  fingerprint: Fingerprint,
  addresses: v.array(CardAddress),
  /** Until the room has an owner, the code that makes one. Given to this computer's own window only. */
  ownerCode: v.nullable(v.string()),
  since: Timestamp,
  /** How many people are in it, at the moment of asking. */
  online: v.number(),
  /** The room was damaged when it was opened, and a copy took its place. Where the damaged files are, if there were any. */
  restored: v.nullable(v.object({ ...Restoration.entries, aside: v.nullable(v.string()) })),
});
export type Hosting = v.InferOutput<typeof Hosting>;

/** A room visited or hosted before. Its key says which one it is, wherever it is found again. */
export const RecentRoom = v.object({
  roomId: Id,
  name: v.string(),
  fingerprint: Fingerprint,
  /** Where it may be, as `host:port`: where it was last found comes first. */
  addresses: v.array(v.string()),
  /** Hosted by this computer: it can be opened again. */
  hosted: v.boolean(),
  lastAt: Timestamp,
});
export type RecentRoom = v.InferOutput<typeof RecentRoom>;

/** A room that announces itself on this network. Nothing of it is to be trusted: the key decides. */
export const NearbyRoom = v.object({
  /** The first letters of the fingerprint that it claims. */
  prefix: v.string(),
  name: v.string(),
  /** As `host:port`, the likeliest first. One room seen on several cards is one room. */
  addresses: v.array(v.string()),
  /** Its protocol version. */
  version: v.number(),
});
export type NearbyRoom = v.InferOutput<typeof NearbyRoom>;

/** `looking`: not long enough to say. `silent`: not even our own question came back, so multicast does not work here. */
export const Nearby = v.object({
  state: v.picklist(['looking', 'ok', 'silent', 'noNetwork']),
  rooms: v.array(NearbyRoom),
});
export type Nearby = v.InferOutput<typeof Nearby>;

/** Which room is meant, and where it may be. */
export const Target = v.strictObject({
  /** Null when it is not known yet: then the page decides before it says anything (`app.relay` tells the key). */
  fingerprint: v.nullable(Fingerprint),
  /** Of a room nearby or a short form: only rooms whose fingerprint begins so. Empty means any. */
  prefix: v.pipe(v.string(), v.maxLength(43)),
  /** As `host:port`. They are tried together, with those where rooms nearby announce the same key. */
  addresses: v.pipe(v.array(v.pipe(v.string(), v.maxLength(300))), v.maxLength(50)),
  /** A short form's sixteen letters: rooms nearby that it may mean are tried as well. */
  spoken: v.nullable(v.pipe(v.string(), v.maxLength(40))),
});
export type Target = v.InferOutput<typeof Target>;

const nothing = v.strictObject({});
const done = v.object({});
/** A draft for fifty people is kept under all their ids. */
const Key = v.pipe(v.string(), v.minLength(1), v.maxLength(2_000));

/** As browsers write it: in base64. */
const Part = v.pipe(v.string(), v.maxLength(Math.ceil(FILE_PART_BYTES / 3) * 4));

export const CONTROL = {
  'app.state': {
    input: nothing,
    result: v.object({
      version: v.string(),
      settings: Settings,
      hosting: v.nullable(Hosting),
      recent: v.array(RecentRoom),
      addresses: v.array(CardAddress),
      nearby: Nearby,
      /** A join code that Salon was opened with, taken once; null for none. */
      opened: v.nullable(v.string()),
      /** Of this computer, as the proposed name of a room. */
      computer: v.string(),
      defaultPort: v.number(),
      /** Files of this computer's that could not be read at this start, where they were put aside. */
      putAside: v.array(v.string()),
    }),
  },
  'settings.set': { input: SettingsChange, result: Settings },
  /** A new room, or with `roomId` one that this computer hosted before. */
  'room.host': {
    input: v.strictObject({
      roomId: v.optional(Id),
      name: v.pipe(v.string(), v.maxLength(LIMITS.roomNameCharacters * 4)),
      port: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65535)),
      /** Who may come in, for a new room. */
      access: v.optional(Access),
    }),
    result: Hosting,
  },
  /** Ends hosting: members are told, what was acknowledged is on disk. */
  'room.close': { input: nothing, result: done },
  /** Opens a relay to a room, under a number of the page's choice; the room's frames follow. Replaces a former one. */
  'room.connect': {
    input: v.strictObject({
      relay: v.pipe(v.number(), v.safeInteger()),
      target: Target,
    }),
    result: done,
  },
  'room.disconnect': { input: nothing, result: done },
  'recent.remember': {
    input: v.strictObject({
      roomId: Id,
      name: v.string(),
      fingerprint: Fingerprint,
      addresses: v.pipe(v.array(v.string()), v.maxLength(50)),
    }),
    result: done,
  },
  'recent.forget': { input: v.strictObject({ fingerprint: Fingerprint }), result: done },
  /** Small texts that survive a restart: sign-in tokens, drafts, the outbox. Answered once they are on disk. */
  'keep.all': {
    input: v.strictObject({ prefix: Key }),
    result: v.object({ entries: v.array(v.tuple([v.string(), v.string()])) }),
  },
  'keep.set': {
    input: v.strictObject({ key: Key, value: v.nullable(v.pipe(v.string(), v.maxLength(200_000))) }),
    result: done,
  },
  /** Looks for rooms on this network, or stops; `app.nearby` tells what was found. */
  'nearby.watch': { input: v.strictObject({ on: v.boolean() }), result: Nearby },
  /** How this computer stands; with a target (an address or a join code as typed) also what stands in between. */
  'doctor.run': {
    input: v.strictObject({ typed: v.pipe(v.string(), v.maxLength(10_000)) }),
    result: Report,
  },
  /** Opens an `http:`, `https:` or `mailto:` link in the system's browser. */
  'link.open': { input: v.strictObject({ url: v.pipe(v.string(), v.maxLength(2_000)) }), result: done },
  'desktop.state': { input: nothing, result: Desktop },
  /** Only ever because a person asked for it: it writes into the system's own places. */
  'desktop.set': {
    input: v.strictObject({ what: v.picklist(['atLogin', 'links']), on: v.boolean() }),
    result: Desktop,
  },
  /** Shows a notification of the system's. Refused with `NO_NOTIFICATIONS` where the extension has no way to. */
  'notification.show': {
    input: v.strictObject({
      title: v.pipe(v.string(), v.maxLength(NOTIFICATION.title)),
      text: v.pipe(v.string(), v.maxLength(NOTIFICATION.text)),
    }),
    result: done,
  },
  /** Begins a file among the person's downloads, under the name that is answered. What was there stays. One at a time. */
  'saving.begin': { input: v.strictObject({ name: TypedFileName }), result: v.object({ name: v.string() }) },
  /** The next part of it. */
  'saving.write': { input: v.strictObject({ data: Part }), result: done },
  /** It is whole. One that never gets here is taken away when the page goes. */
  'saving.end': { input: nothing, result: done },
  /** Reads in a file that was dropped on the window, from `offset` on, in base64url. Empty at its end. */
  'dropped.read': {
    input: v.strictObject({ id: v.number(), offset: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) }),
    result: v.object({ data: v.string() }),
  },
  /** Shows the data folder in the system's own program for folders. */
  'folder.show': { input: nothing, result: done },
  /** Ends Salon on this computer; hosting ends cleanly first. */
  'app.exit': { input: nothing, result: done },
} as const;

export type ControlName = keyof typeof CONTROL;
export type ControlInput<C extends ControlName> = v.InferOutput<(typeof CONTROL)[C]['input']>;
export type ControlResult<C extends ControlName> = v.InferOutput<(typeof CONTROL)[C]['result']>;

export const CONTROL_REFUSALS = {
  PORT_TAKEN: {
    en: 'That port is in use on this computer. Choose another.',
    fr: 'Ce port est déjà utilisé sur cet ordinateur. Choisissez-en un autre.',
  },
  ROOM_BUSY: {
    en: 'This room is already open in another Salon on this computer. Close it there first.',
    fr: 'Ce salon est déjà ouvert par un autre Salon sur cet ordinateur. Fermez-le d’abord là-bas.',
  },
  ROOM_DAMAGED: {
    en: 'The file of this room cannot be read, and it has no good copy. It was left as it is; restore a copy of its folder.',
    fr: 'Le fichier de ce salon est illisible et n’a aucune bonne copie. Il est resté tel quel ; restaurez une copie de son dossier.',
  },
  ROOM_GONE: {
    en: 'This room is not among those that this Salon has kept. Look for it in the folder “rooms”, or open a new one.',
    fr: 'Ce salon n’est pas parmi ceux que ce Salon a gardés. Cherchez-le dans le dossier « rooms », ou ouvrez-en un nouveau.',
  },
  ALREADY_HOSTING: {
    en: 'This Salon is hosting a room already. Close it first, or start Salon with another data folder.',
    fr: 'Ce Salon héberge déjà un salon. Fermez-le d’abord, ou lancez Salon avec un autre dossier de données.',
  },
  BAD_ADDRESS: {
    en: 'That is not an address. Try 192.168.1.24 or the whole link.',
    fr: 'Ce n’est pas une adresse. Essayez 192.168.1.24 ou le lien entier.',
  },
  BAD_LINK: {
    en: 'Only web and mail links can be opened.',
    fr: 'Seuls les liens web et de courriel peuvent être ouverts.',
  },
  NAME_INVALID: {
    en: 'Give the room a name of 1 to 60 characters.',
    fr: 'Donnez au salon un nom de 1 à 60 caractères.',
  },
  NO_FOLDER: {
    en: 'Salon cannot write to its data folder. Start it with --data and a folder of yours.',
    fr: 'Salon ne peut pas écrire dans son dossier de données. Lancez-le avec --data et un dossier à vous.',
  },
  NO_NOTIFICATIONS: {
    en: 'This computer has no program that shows notifications. On Linux, install libnotify-bin.',
    fr: 'Cet ordinateur n’a aucun programme qui affiche des notifications. Sous Linux, installez libnotify-bin.',
  },
  NOT_SAVED: {
    en: 'The file could not be saved among your downloads. The folder may be full, or not be yours to write to.',
    fr: 'Le fichier n’a pas pu être enregistré dans vos téléchargements. Le dossier est peut-être plein, ou fermé à l’écriture.',
  },
  NOT_READ: {
    en: 'The file could not be read. It may have been moved, or not be yours to read.',
    fr: 'Le fichier n’a pas pu être lu. Il a peut-être été déplacé, ou vous n’y avez pas droit.',
  },
  FAILED: {
    en: 'That did not work on this computer. Try again.',
    fr: 'Cela n’a pas fonctionné sur cet ordinateur. Réessayez.',
  },
} as const;
export type ControlRefusalCode = keyof typeof CONTROL_REFUSALS;

export const ControlAsk = v.strictObject({
  t: v.literal('app.ask'),
  id: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  command: v.string(),
  input: Fields,
});

export const ControlFrame = v.variant('t', [
  v.object({ t: v.literal('app.answer'), id: v.number(), result: v.unknown() }),
  v.object({ t: v.literal('app.refused'), id: v.number(), code: v.string(), detail: v.string() }),
  /** The relay to the room opened, or ended with a WebSocket close code (1006: nobody answered, or it broke). */
  v.object({
    t: v.literal('app.relay'),
    relay: v.number(),
    open: v.boolean(),
    code: v.number(),
    reason: v.string(),
    /** When it opened: to whom, by which address, and what ties a proof to this very channel (TLS exporter). */
    channel: v.nullable(v.object({ fingerprint: Fingerprint, address: v.string(), binding: bytes(32) })),
    /** When it never opened: why. */
    diagnosis: v.nullable(Diagnosis),
  }),
  v.object({ t: v.literal('app.nearby'), nearby: Nearby }),
  /** Salon was opened with a join code while this page was there already. */
  v.object({ t: v.literal('app.opened'), typed: v.string() }),
  v.object({ t: v.literal('app.hosting'), hosting: v.nullable(Hosting) }),
  /** Files were dropped on the window, whose engine shows them to nobody else. */
  v.object({
    t: v.literal('app.dropped'),
    files: v.array(DroppedFile),
    /** False when some of what was dropped is no file, or cannot be found: a link, say, or what lies on a phone. */
    areAll: v.boolean(),
  }),
]);
export type ControlFrame = v.InferOutput<typeof ControlFrame>;
