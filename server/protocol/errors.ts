import type { Language } from './entities.ts';

/**
 * Every refusal a client can get: a stable code, whether sending the same again later can help, and one sentence in
 * each language that says what happened and what to do. Sentences never echo raw input.
 */
interface Refusal {
  /** The same request may succeed later; clients wait `retryMs` and try again by themselves. */
  retry: boolean;
  en: string;
  fr: string;
}

export const REFUSALS = {
  BAD_JSON: {
    retry: false,
    en: 'This was not understood.',
    fr: 'Ceci n’a pas été compris.',
  },
  BAD_SHAPE: {
    retry: false,
    en: 'Something in this request is missing or not of the right kind.',
    fr: 'Un élément de cette demande manque ou n’est pas du bon type.',
  },
  UNKNOWN_COMMAND: {
    retry: false,
    en: 'This host does not know that request. A newer Salon may.',
    fr: 'Cet hôte ne connaît pas cette demande. Un Salon plus récent, peut-être.',
  },
  VERSION: {
    retry: false,
    en: 'The two speak different versions. Update Salon on this computer or on the host.',
    fr: 'Les versions diffèrent. Mettez à jour Salon sur cet ordinateur ou chez l’hôte.',
  },
  HELLO_FIRST: {
    retry: false,
    en: 'Say hello first.',
    fr: 'Commencez par vous présenter.',
  },
  NOT_SIGNED_IN: {
    retry: false,
    en: 'Sign in first.',
    fr: 'Connectez-vous d’abord.',
  },
  NOT_ALLOWED: {
    retry: false,
    en: 'Only the owner of the room may do this.',
    fr: 'Seul le propriétaire du salon peut faire cela.',
  },
  OWNER_FIRST: {
    retry: false,
    en: 'This room is waiting for its owner to sign up. Use the link shown where the room was opened.',
    fr: 'Ce salon attend l’inscription de son propriétaire. Utilisez le lien affiché là où il a été ouvert.',
  },
  OWNER_CODE: {
    retry: false,
    en: 'That owner’s code is not right, or the room has an owner already. Open the link shown where the room runs.',
    fr: 'Ce code de propriétaire est inexact, ou le salon a déjà un propriétaire. Ouvrez le lien affiché par l’hôte.',
  },
  ENCRYPTED_ONLY: {
    retry: false,
    en: 'No password goes through this page, which is not encrypted. Sign in from Salon, or by the encrypted page.',
    fr: 'Aucun mot de passe ne passe par cette page non chiffrée. Connectez-vous depuis Salon ou la page chiffrée.',
  },
  NOT_BOUND: {
    retry: false,
    en: 'This sign-in is not tied to its connection. Update Salon on this computer.',
    fr: 'Cette connexion n’est pas liée à son canal. Mettez à jour Salon sur cet ordinateur.',
  },
  INVITE_NEEDED: {
    retry: false,
    en: 'This room is by invitation. Ask its host for a join code.',
    fr: 'Ce salon est sur invitation. Demandez un code à son hôte.',
  },
  INVITE_UNKNOWN: {
    retry: false,
    en: 'This room does not know that join code. Check it, or ask the host for a new one.',
    fr: 'Ce salon ne connaît pas ce code. Vérifiez-le, ou demandez-en un nouveau à l’hôte.',
  },
  INVITE_EXPIRED: {
    retry: false,
    en: 'That join code has expired. Ask the host for a new one.',
    fr: 'Ce code d’invitation a expiré. Demandez-en un nouveau à l’hôte.',
  },
  INVITE_USED: {
    retry: false,
    en: 'That join code has been used up. Ask the host for a new one.',
    fr: 'Ce code d’invitation est épuisé. Demandez-en un nouveau à l’hôte.',
  },
  INVITE_REVOKED: {
    retry: false,
    en: 'The host has ended that join code. Ask for a new one.',
    fr: 'L’hôte a mis fin à ce code d’invitation. Demandez-en un nouveau.',
  },
  INVITE_FOR_GUESTS: {
    retry: false,
    en: 'That join code lets guests in. Come in as a guest, or ask the host for a member’s code.',
    fr: 'Ce code fait entrer des invités. Entrez comme invité, ou demandez à l’hôte un code de membre.',
  },
  INVITE_FOR_MEMBERS: {
    retry: false,
    en: 'That join code makes members. Use it in Salon: this page is not encrypted, and would give it away.',
    fr: 'Ce code fait des membres. Utilisez-le dans Salon : cette page n’est pas chiffrée et le livrerait.',
  },
  TOO_MANY_INVITES: {
    retry: false,
    en: 'There are as many join codes as the room can keep. End one first.',
    fr: 'Le salon ne peut garder plus de codes d’invitation. Mettez fin à l’un d’eux.',
  },
  GUESTS_OFF: {
    retry: false,
    en: 'No guests are let in just now. Ask the host, or sign in as a member.',
    fr: 'Les invités n’entrent pas en ce moment. Demandez à l’hôte, ou connectez-vous comme membre.',
  },
  NOT_FOR_GUESTS: {
    retry: false,
    en: 'Guests read and write in Everyone only. Sign up to do more.',
    fr: 'Les invités lisent et écrivent à tout le monde, rien d’autre. Inscrivez-vous pour en faire plus.',
  },
  GUEST_READS_LOBBY: {
    retry: false,
    en: 'One of these people is a guest, and guests read Everyone only. Write there.',
    fr: 'L’une de ces personnes est invitée et ne lit que « Tout le monde ». Écrivez-lui là.',
  },
  ROOM_FULL: {
    retry: true,
    en: 'The room is full. Try again when somebody has left.',
    fr: 'Le salon est complet. Réessayez quand quelqu’un sera parti.',
  },
  BANNED: {
    retry: false,
    en: 'The owner of this room does not let you in. Ask them.',
    fr: 'Le propriétaire de ce salon ne vous laisse pas entrer. Adressez-vous à lui.',
  },
  BAD_LOGIN: {
    retry: false,
    en: 'That name or password is not right.',
    fr: 'Nom ou mot de passe incorrect.',
  },
  BAD_CODE: {
    retry: false,
    en: 'That name or code is not right, or the code has expired. Ask the owner of the room for a new one.',
    fr: 'Nom ou code incorrect, ou code expiré. Demandez-en un nouveau au propriétaire du salon.',
  },
  PROOF_NEEDED: {
    retry: false,
    en: 'Type your current password again first.',
    fr: 'Saisissez d’abord votre mot de passe actuel.',
  },
  SESSION_ENDED: {
    retry: false,
    en: 'This session has ended. Sign in again.',
    fr: 'Cette session est terminée. Connectez-vous de nouveau.',
  },
  NAME_INVALID: {
    retry: false,
    en: 'That name cannot be used. Choose letters of one alphabet, digits, dots, dashes or underscores.',
    fr: 'Ce nom ne convient pas. Choisissez des lettres d’un seul alphabet, des chiffres, points ou tirets.',
  },
  NAME_TAKEN: {
    retry: false,
    en: 'That name is taken, or too close to one that is. Choose another.',
    fr: 'Ce nom est pris, ou trop proche d’un autre. Choisissez-en un différent.',
  },
  BODY_EMPTY: {
    retry: false,
    en: 'There is nothing to send yet. Write something first.',
    fr: 'Il n’y a encore rien à envoyer. Écrivez d’abord quelque chose.',
  },
  BODY_TOO_LONG: {
    retry: false,
    en: 'A message holds 16,000 characters at most. Split it in two.',
    fr: 'Un message compte 16 000 caractères au plus. Coupez-le en deux.',
  },
  FILE_TOO_BIG: {
    retry: false,
    en: 'A file may have 100 MB at most. Split it, or pass it on another way.',
    fr: 'Un fichier compte 100 Mo au plus. Coupez-le, ou transmettez-le autrement.',
  },
  FILE_QUOTA: {
    retry: false,
    en: 'You have used up your share of the host’s disk. Files are full for you; messages still work.',
    fr: 'Votre part du disque de l’hôte est épuisée. Plus de fichiers pour vous ; les messages passent encore.',
  },
  FILE_SPACE: {
    retry: true,
    en: 'The host’s disk is almost full. Files are paused; messages still work.',
    fr: 'Le disque de l’hôte est presque plein. Fichiers suspendus, messages actifs.',
  },
  FILE_DAMAGED: {
    retry: false,
    en: 'The file was moved, deleted or changed while it was sent. Choose it again.',
    fr: 'Le fichier a été déplacé, supprimé ou modifié pendant l’envoi. Choisissez-le à nouveau.',
  },
  NO_SUCH_FILE: {
    retry: false,
    en: 'The host does not have this file any more.',
    fr: 'L’hôte n’a plus ce fichier.',
  },
  CID_REUSED: {
    retry: false,
    en: 'A different message was already sent under this id. Send it again as a new one.',
    fr: 'Un autre message porte déjà cet identifiant. Envoyez-le comme nouveau.',
  },
  NO_SUCH_CONVERSATION: {
    retry: false,
    en: 'There is no such conversation for you.',
    fr: 'Cette conversation n’existe pas pour vous.',
  },
  NO_SUCH_MESSAGE: {
    retry: false,
    en: 'There is no such message any more.',
    fr: 'Ce message n’existe plus.',
  },
  NO_SUCH_MEMBER: {
    retry: false,
    en: 'One of these people is not a member of this room.',
    fr: 'L’une de ces personnes n’est pas membre de ce salon.',
  },
  ALREADY_DELIVERED: {
    retry: false,
    en: 'Too late: the message has reached somebody.',
    fr: 'Trop tard : le message est déjà arrivé.',
  },
  SLOW_DOWN: {
    retry: true,
    en: 'That is too fast. Wait a moment.',
    fr: 'C’est trop rapide. Patientez un instant.',
  },
  BUSY: {
    retry: true,
    en: 'The host is busy. Trying again shortly.',
    fr: 'L’hôte est occupé. Nouvel essai dans un instant.',
  },
  CLOSING: {
    retry: true,
    en: 'The room is closing. What you wrote is kept here.',
    fr: 'Le salon ferme. Ce que vous avez écrit est gardé ici.',
  },
  DISK_FULL: {
    retry: true,
    en: 'The host’s disk is full; your message is kept here.',
    fr: 'Le disque de l’hôte est plein ; votre message est gardé ici.',
  },
  STORAGE: {
    retry: true,
    en: 'The host could not write to its disk; what you wrote is kept here.',
    fr: 'L’hôte n’a pas pu écrire sur son disque ; ce que vous avez écrit est gardé ici.',
  },
  INTERNAL: {
    retry: true,
    en: 'Something went wrong at the host. It was noted there; try again.',
    fr: 'Une erreur s’est produite chez l’hôte. Elle y est notée ; réessayez.',
  },
} as const satisfies Record<string, Refusal>;

export type RefusalCode = keyof typeof REFUSALS;

/** What a refusal may tell beyond its code. */
export interface RefusalDetail {
  /** How long to wait before trying again, in milliseconds. */
  retryMs?: number;
  /** Which field was wrong, as `a.b.0`. */
  path?: string;
  /** Which rule was broken, as a word: a `NameProblem` for `NAME_INVALID`. */
  why?: string;
}

/** A refusal, thrown where the rule is. Anything else that is thrown is a bug. */
export class SalonError extends Error {
  override readonly name = 'SalonError';
  readonly code: RefusalCode;
  readonly detail: RefusalDetail;

  constructor(code: RefusalCode, detail: RefusalDetail = {}) {
    super(code);
    this.code = code;
    this.detail = detail;
  }

  get retry(): boolean {
    return REFUSALS[this.code].retry;
  }
}

/** The sentence for a refusal in the reader's language. */
export function refusalSentence(code: RefusalCode, language: Language): string {
  return REFUSALS[code][language];
}

export function isRefusalCode(code: string): code is RefusalCode {
  return Object.hasOwn(REFUSALS, code);
}
