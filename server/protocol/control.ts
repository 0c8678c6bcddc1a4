import * as v from 'valibot';
import { Id, Language, LIMITS, Timestamp } from './entities.ts';

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
});
export type SettingsChange = v.InferOutput<typeof SettingsChange>;

export const DEFAULT_SETTINGS: Settings = {
  language: null,
  look: 'system',
  textSize: 15,
  plainWallpaper: false,
  announce: 'all',
};

/** One of this computer's addresses, with the name of its network card; best first. */
export const CardAddress = v.object({
  address: v.string(),
  card: v.string(),
  /** Nobody else can reach a loopback address. */
  loopback: v.boolean(),
});
export type CardAddress = v.InferOutput<typeof CardAddress>;

/** A room that this computer hosts now. */
export const Hosting = v.object({
  roomId: Id,
  name: v.string(),
  port: v.number(),
  addresses: v.array(CardAddress),
  /** Until the room has an owner, the code that makes one. Given to this computer's own window only. */
  ownerCode: v.nullable(v.string()),
  since: Timestamp,
});
export type Hosting = v.InferOutput<typeof Hosting>;

/** A room visited or hosted before. */
export const RecentRoom = v.object({
  roomId: Id,
  name: v.string(),
  /** `host:port` where it was last found. */
  address: v.string(),
  /** Hosted by this computer: it can be opened again. */
  hosted: v.boolean(),
  lastAt: Timestamp,
});
export type RecentRoom = v.InferOutput<typeof RecentRoom>;

const nothing = v.strictObject({});
const done = v.object({});
/** A draft for fifty people is kept under all their ids. */
const Key = v.pipe(v.string(), v.minLength(1), v.maxLength(2_000));

export const CONTROL = {
  'app.state': {
    input: nothing,
    result: v.object({
      version: v.string(),
      settings: Settings,
      hosting: v.nullable(Hosting),
      recent: v.array(RecentRoom),
      addresses: v.array(CardAddress),
      /** Of this computer, as the proposed name of a room. */
      computer: v.string(),
      defaultPort: v.number(),
    }),
  },
  'settings.set': { input: SettingsChange, result: Settings },
  /** A new room, or with `roomId` one that this computer hosted before. */
  'room.host': {
    input: v.strictObject({
      roomId: v.optional(Id),
      name: v.pipe(v.string(), v.maxLength(LIMITS.roomNameCharacters * 4)),
      port: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65535)),
    }),
    result: Hosting,
  },
  /** Ends hosting: members are told, what was acknowledged is on disk. */
  'room.close': { input: nothing, result: done },
  /** Opens a relay to a room, under a number of the page's choice; the room's frames follow. Replaces a former one. */
  'room.connect': {
    input: v.strictObject({
      relay: v.pipe(v.number(), v.safeInteger()),
      address: v.pipe(v.string(), v.maxLength(300)),
    }),
    result: done,
  },
  'room.disconnect': { input: nothing, result: done },
  'recent.remember': {
    input: v.strictObject({ roomId: Id, name: v.string(), address: v.string() }),
    result: done,
  },
  'recent.forget': { input: v.strictObject({ roomId: Id }), result: done },
  /** Small texts that survive a restart: sign-in tokens, drafts, the outbox. Answered once they are on disk. */
  'keep.all': {
    input: v.strictObject({ prefix: Key }),
    result: v.object({ entries: v.array(v.tuple([v.string(), v.string()])) }),
  },
  'keep.set': {
    input: v.strictObject({ key: Key, value: v.nullable(v.pipe(v.string(), v.maxLength(200_000))) }),
    result: done,
  },
  /** Opens an `http:`, `https:` or `mailto:` link in the system's browser. */
  'link.open': { input: v.strictObject({ url: v.pipe(v.string(), v.maxLength(2_000)) }), result: done },
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
    en: 'The file of this room cannot be read. It was left as it is; restore a copy of its folder.',
    fr: 'Le fichier de ce salon est illisible. Il est resté tel quel ; restaurez une copie de son dossier.',
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
  input: v.record(v.string(), v.unknown()),
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
  }),
  v.object({ t: v.literal('app.hosting'), hosting: v.nullable(Hosting) }),
]);
export type ControlFrame = v.InferOutput<typeof ControlFrame>;
