import type { Clock } from '../clock.ts';
import type { Hub } from '../hub.ts';
import type { Proofs } from '../proofs.ts';
import type { AudienceOf, CommandName, InputOf, ResultOf } from '../protocol/commands.ts';
import type { Id } from '../protocol/entities.ts';
import type { SalonError } from '../protocol/errors.ts';
import type { Session } from '../session.ts';
import type { AsyncStore } from '../store/records.ts';
import { accounts } from './accounts.ts';
import { audit } from './audit.ts';
import { conversations } from './conversations.ts';
import { messages } from './messages.ts';
import { passwords } from './passwords.ts';
import { presence } from './presence.ts';
import { room } from './room.ts';
import { sessions } from './sessions.ts';

/** What every handler may use. It gets all of it as arguments, time included. */
export interface HostContext {
  readonly store: AsyncStore;
  readonly hub: Hub;
  readonly proofs: Proofs;
  readonly clock: Clock;
  /** Whether this is the code that makes the first account the owner's. */
  isOwnerCode(code: string): boolean;
  /** Once there is an owner the code is dead. */
  ownerArrived(): void;
  /** The room is closing: nothing new is begun. */
  isClosing(): boolean;
  /** Logs a bug whole and gives the vague refusal that goes on the wire. */
  report(error: unknown): SalonError;
  /** Counts what is being handled, so that closing can wait for it. */
  during<T>(work: Promise<T>): Promise<T>;
  /** Ends the connections of these sessions, in the room or still at its door: their rights are gone. */
  endSessions(sessionIds: readonly Id[]): void;
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
  [C in CommandName]: (context: ContextOf<C>, input: InputOf<C>) => Promise<ResultOf<C>>;
};

/** Every command has its handler here, or this does not compile. */
export const HANDLERS: Handlers = {
  ...room,
  ...accounts,
  ...passwords,
  ...sessions,
  ...messages,
  ...conversations,
  ...presence,
  ...audit,
};
