import type { Clock } from '../clock.ts';
import type { FileKeeper } from '../files.ts';
import type { Handling } from '../handling.ts';
import type { Hub } from '../hub.ts';
import type { Invites } from '../invites.ts';
import type { Buckets, RoomLimits } from '../limits.ts';
import type { Roster, Written } from '../people.ts';
import type { Proofs } from '../proofs.ts';
import type { AudienceOf, CommandName, InputOf, ResultOf } from '../protocol/commands.ts';
import type { Fingerprint, Id, Knock } from '../protocol/entities.ts';
import type { SalonError } from '../protocol/errors.ts';
import type { GoodbyeReason } from '../protocol/frames.ts';
import type { Rules } from '../rules.ts';
import type { Session } from '../session.ts';
import type { AsyncStore } from '../store/records.ts';
import type { Whereabouts } from '../whereabouts.ts';
import { accounts } from './accounts.ts';
import { audit } from './audit.ts';
import { conversations } from './conversations.ts';
import { door } from './door.ts';
import { files } from './files.ts';
import { guests } from './guests.ts';
import { invites } from './invites.ts';
import { messages } from './messages.ts';
import { moderation } from './moderation.ts';
import { passwords } from './passwords.ts';
import { presence } from './presence.ts';
import { room } from './room.ts';
import { sessions } from './sessions.ts';

/** What every handler may use. It gets all of it as arguments, time included. */
export interface HostContext {
  readonly store: AsyncStore;
  readonly files: FileKeeper;
  readonly hub: Hub;
  readonly roster: Roster;
  readonly proofs: Proofs;
  readonly invites: Invites;
  readonly rules: Rules;
  readonly whereabouts: Whereabouts;
  readonly clock: Clock;
  readonly limits: RoomLimits;
  /** New people, by the address that they come from. */
  readonly signUps: Buckets;
  readonly fingerprint: Fingerprint;
  /** Of the certificate, as browsers show it. base64url. */
  readonly certificateHash: string;
  readonly roomName: string;
  port(): number;
  /** Who tried to come in lately, the latest first. */
  knocks(): Knock[];
  /** Whether this is the code that makes the first account the owner's. */
  isOwnerCode(code: string): boolean;
  /** Once there is an owner the code is dead. */
  ownerArrived(): void;
  /** The room is closing: nothing new is begun. */
  isClosing(): boolean;
  /** Logs a bug whole and gives the vague refusal that goes on the wire. */
  report(error: unknown): SalonError;
  /** Closing waits for it. */
  readonly handling: Handling;
  /** Ends the connections of these sessions, in the room or still at its door: their rights are gone. */
  endSessions(sessionIds: readonly Id[]): void;
  /** Ends the connections of these people. Nobody comes in as one of them by something that was begun before. */
  sendAway(memberIds: readonly Id[], reason: GoodbyeReason): void;
  /** The same for one, while `work` ends their sessions in the store: nothing they ask is begun from now on. */
  without<T>(memberId: Id, reason: GoodbyeReason, work: () => Promise<T>): Promise<T>;
  /** Whether somebody is being sent away at this moment. */
  isLeaving(memberId: Id): boolean;
  /** The connection is gone. */
  left(session: Session): void;
}

export interface AnyoneContext extends HostContext {
  session: Session;
  memberId: Id | null;
  sessionId: Id | null;
}

export interface MemberContext extends AnyoneContext {
  memberId: Id;
  sessionId: Id;
}

type ContextOf<C extends CommandName> = AudienceOf<C> extends 'anyone' ? AnyoneContext : MemberContext;

export type Handlers = {
  [C in CommandName]: (context: ContextOf<C>, input: InputOf<C>) => Promise<ResultOf<C> | Written>;
};

/** Every command has its handler here, or this does not compile. */
export const HANDLERS: Handlers = {
  ...room,
  ...accounts,
  ...guests,
  ...invites,
  ...passwords,
  ...sessions,
  ...messages,
  ...files,
  ...conversations,
  ...presence,
  ...door,
  ...moderation,
  ...audit,
};
