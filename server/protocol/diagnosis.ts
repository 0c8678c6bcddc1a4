import * as v from 'valibot';
import { CardAddress, type Language, Timestamp } from './entities.ts';

/** Why somebody cannot come in: one diagnosis, one sentence that says what happened, one thing to do. */

interface Words {
  /** What happened. `{address}` is where it was tried. */
  what: string;
  /** The one thing to do. */
  advice: string;
}

export const DIAGNOSES = {
  noNetwork: {
    en: {
      what: 'This computer is on no network.',
      advice: 'Connect it to the same Wi-Fi or cable as the host.',
    },
    fr: {
      what: 'Cet ordinateur n’est sur aucun réseau.',
      advice: 'Reliez-le au même Wi-Fi ou câble que l’hôte.',
    },
  },
  wrongNetwork: {
    en: {
      what: 'This computer and {address} are on different networks.',
      advice: 'Join the same Wi-Fi or cable as the host; a guest Wi-Fi is often a network of its own.',
    },
    fr: {
      what: 'Cet ordinateur et {address} sont sur des réseaux différents.',
      advice: 'Rejoignez le même Wi-Fi ou câble que l’hôte ; un Wi-Fi invité est souvent un réseau à part.',
    },
  },
  unknownName: {
    en: {
      what: 'No computer here is called {address}.',
      advice: 'Type the number of its address instead, as the host shows it.',
    },
    fr: {
      what: 'Aucun ordinateur ici ne s’appelle {address}.',
      advice: 'Saisissez plutôt l’adresse en chiffres que l’hôte affiche.',
    },
  },
  refused: {
    en: {
      what: 'The computer at {address} is there, but no room is open on it.',
      advice: 'Ask the host to open the room, and compare the port.',
    },
    fr: {
      what: 'L’ordinateur {address} est là, mais aucun salon n’y est ouvert.',
      advice: 'Demandez à l’hôte d’ouvrir le salon, et comparez le port.',
    },
  },
  silent: {
    en: {
      what: 'Nothing comes back from {address}: something in between swallows it, or that computer is off.',
      advice:
        'Ask the host whether a knock arrived. If not, its firewall must allow Salon on private networks.',
    },
    fr: {
      what: 'Rien ne revient de {address} : quelque chose l’arrête en chemin, ou cet ordinateur est éteint.',
      advice:
        'Demandez à l’hôte si quelqu’un a frappé. Sinon, son pare-feu doit autoriser Salon sur les réseaux privés.',
    },
  },
  notSalon: {
    en: {
      what: 'Another program answers at {address}.',
      advice: 'Compare the address and the port with what the host shows.',
    },
    fr: {
      what: 'Un autre programme répond à {address}.',
      advice: 'Comparez l’adresse et le port avec ce que l’hôte affiche.',
    },
  },
  wrongKey: {
    en: {
      what: 'A room answers at {address}, but it is not the one you mean.',
      advice: 'Ask the host for a new join code, in person or by telephone. Nothing of yours was sent.',
    },
    fr: {
      what: 'Un salon répond à {address}, mais ce n’est pas le bon.',
      advice: 'Demandez à l’hôte un nouveau code, de vive voix. Rien de vous n’a été envoyé.',
    },
  },
  version: {
    en: {
      what: 'This Salon and the room’s speak different versions.',
      advice: 'Update the older of the two.',
    },
    fr: {
      what: 'Ce Salon et celui du salon parlent des versions différentes.',
      advice: 'Mettez à jour le plus ancien des deux.',
    },
  },
  full: {
    en: {
      what: 'The room is full.',
      advice: 'Try again when somebody has left, or ask the host to let more people in.',
    },
    fr: {
      what: 'Le salon est complet.',
      advice: 'Réessayez quand quelqu’un sera parti, ou demandez à l’hôte plus de places.',
    },
  },
  tooMany: {
    en: {
      what: 'The room has too many connections from this address.',
      advice: 'Close other windows of Salon here, or try again in a minute.',
    },
    fr: {
      what: 'Le salon a trop de connexions depuis cette adresse.',
      advice: 'Fermez ici d’autres fenêtres de Salon, ou réessayez dans une minute.',
    },
  },
  banned: {
    en: { what: 'The owner of this room does not let you in.', advice: 'Ask the owner.' },
    fr: { what: 'Le propriétaire de ce salon ne vous laisse pas entrer.', advice: 'Adressez-vous à lui.' },
  },
  inviteNeeded: {
    en: { what: 'This room is by invitation.', advice: 'Ask the host for a join code.' },
    fr: { what: 'Ce salon est sur invitation.', advice: 'Demandez un code à l’hôte.' },
  },
  codeUnknown: {
    en: {
      what: 'The room does not know that join code.',
      advice: 'Compare it letter by letter, or ask for a new one.',
    },
    fr: {
      what: 'Le salon ne connaît pas ce code.',
      advice: 'Comparez-le lettre à lettre, ou demandez-en un nouveau.',
    },
  },
  codeExpired: {
    en: { what: 'That join code has expired.', advice: 'Ask the host for a new one.' },
    fr: { what: 'Ce code d’invitation a expiré.', advice: 'Demandez-en un nouveau à l’hôte.' },
  },
  codeUsed: {
    en: { what: 'That join code has been used up.', advice: 'Ask the host for a new one.' },
    fr: { what: 'Ce code d’invitation est épuisé.', advice: 'Demandez-en un nouveau à l’hôte.' },
  },
  codeRevoked: {
    en: { what: 'The host has ended that join code.', advice: 'Ask for a new one.' },
    fr: { what: 'L’hôte a mis fin à ce code.', advice: 'Demandez-en un nouveau.' },
  },
  codeDamaged: {
    en: { what: 'A letter of that join code is wrong or missing.', advice: 'Copy the whole code again.' },
    fr: {
      what: 'Une lettre de ce code est fausse ou manque.',
      advice: 'Copiez de nouveau le code en entier.',
    },
  },
  codeNewer: {
    en: { what: 'That join code was made by a newer Salon.', advice: 'Update Salon on this computer.' },
    fr: {
      what: 'Ce code a été fait par un Salon plus récent.',
      advice: 'Mettez à jour Salon sur cet ordinateur.',
    },
  },
  clock: {
    en: {
      what: 'By this computer’s clock the join code is still good, by the host’s it is not: the two clocks differ by {detail}.',
      advice: 'Set both clocks right, then ask for a new code.',
    },
    fr: {
      what: 'Le code est encore bon à l’horloge de cet ordinateur, pas à celle de l’hôte : elles diffèrent de {detail}.',
      advice: 'Mettez les deux à l’heure, puis demandez un nouveau code.',
    },
  },
  notFound: {
    en: {
      what: 'No room that fits is open nearby, and none of its last addresses answers.',
      advice: 'Ask the host whether the room is open, or for a join code with its address.',
    },
    fr: {
      what: 'Aucun salon qui convienne n’est ouvert à proximité, et ses dernières adresses ne répondent pas.',
      advice: 'Demandez à l’hôte si le salon est ouvert, ou un code avec son adresse.',
    },
  },
  fine: {
    en: { what: 'The room at {address} answers, and lets people in.', advice: 'Nothing needs to be done.' },
    fr: { what: 'Le salon à {address} répond et laisse entrer.', advice: 'Il n’y a rien à faire.' },
  },
} as const satisfies Record<string, Record<Language, Words>>;

export type DiagnosisCode = keyof typeof DIAGNOSES;

const codes = Object.keys(DIAGNOSES) as [DiagnosisCode, ...DiagnosisCode[]];

/** What was found at one address. */
export const Trial = v.object({
  address: v.string(),
  found: v.picklist(codes),
  /** How long it took, in milliseconds. */
  ms: v.number(),
});
export type Trial = v.InferOutput<typeof Trial>;

export const Diagnosis = v.object({
  code: v.picklist(codes),
  /** The address that it is about; empty when it is about none. */
  address: v.string(),
  /** For `clock`, how far the clocks are apart, in minutes; else empty. */
  detail: v.string(),
  /** For `wrongKey`, the fingerprint of the key that was found instead; else null. */
  foundFingerprint: v.nullable(v.string()),
  trials: v.array(Trial),
});
export type Diagnosis = v.InferOutput<typeof Diagnosis>;

/**
 * Why the data is kept where it is: the folder was named; it is beside the program; it is the person's own, because
 * nobody asked for another; or because the one beside the program cannot be written.
 */
export const DataPlace = v.picklist(['named', 'program', 'person', 'programReadOnly']);
export type DataPlace = v.InferOutput<typeof DataPlace>;

/** How this computer stands, and what stands between it and a room. The terminal and the diagnostics page show the same. */
export const Report = v.object({
  at: Timestamp,
  version: v.string(),
  /** "linux x64, Node 20.20.2". */
  system: v.string(),
  addresses: v.array(CardAddress),
  /** `silent`: not even our own question came back. */
  multicast: v.picklist(['ok', 'silent', 'noNetwork']),
  /** How many rooms announce themselves nearby. */
  nearby: v.number(),
  /** The folder where Salon keeps its data, and why there. */
  dataFolder: v.string(),
  dataPlace: DataPlace,
  /** Can Salon write there? */
  dataWritable: v.boolean(),
  freeDiskBytes: v.nullable(v.number()),
  /** The room that this computer hosts, as seen from this computer by each of its own addresses; null for none. */
  hosting: v.nullable(v.object({ port: v.number(), reached: v.array(Trial), knocks: v.number() })),
  /** How far the host's clock is ahead of ours, in milliseconds; null when no host answered. */
  clockAheadMs: v.nullable(v.number()),
  /** Null when nothing was to be tried. */
  diagnosis: v.nullable(Diagnosis),
});
export type Report = v.InferOutput<typeof Report>;

export function diagnosisWords({ code, address, detail }: Diagnosis, language: Language): Words {
  const { what, advice } = DIAGNOSES[code][language];
  return { what: what.replace('{address}', address).replace('{detail}', detail), advice };
}
