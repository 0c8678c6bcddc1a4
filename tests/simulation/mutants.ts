import { ConversationState } from '../../resources/state/conversation.ts';
import { Outbox } from '../../resources/state/outbox.ts';
import { RoomState } from '../../resources/state/room.ts';
import { Hub } from '../../server/hub.ts';
import type { PostedMessage } from '../../server/store/records.ts';
import { Model } from './model.ts';
import type { Faults } from './world.ts';

/** A program that breaks one promise. What watches over the promises must notice. */
export interface Mutant {
  name: string;
  faults?: Faults;
  /** Breaks the page for as long as the answer is not called. */
  breakPage?: () => () => void;
}

/** Gives a class another method for a while. */
function replace<T extends object, K extends keyof T>(where: T, name: K, method: T[K]): () => void {
  const before = where[name];
  where[name] = method;
  return () => {
    where[name] = before;
  };
}

/** Knows no message again. */
class Forgetful extends Model {
  protected override firstAnswer(): null {
    return null;
  }
}

/** Knows a message again, and answers with the number behind it. */
class Miscounting extends Model {
  override post(message: PostedMessage) {
    const answer = super.post(message);
    return answer.published.length === 0 ? { ...answer, seq: answer.seq + 1 } : answer;
  }
}

/** Thinks that what is private is for everybody. */
class Indiscreet extends Hub {
  override publish(published: Parameters<Hub['publish']>[0]): void {
    super.publish(published.map(({ event }) => ({ event, audience: null })));
  }
}

let lanes = 0;

export const MUTANTS: readonly Mutant[] = [
  { name: 'answers before the disk has it', faults: { store: { answersEarly: true } } },
  { name: 'tells everybody before the disk has it', faults: { store: { tellsEarly: true } } },
  { name: 'takes a message twice', faults: { store: { model: (beginning) => new Forgetful(beginning) } } },
  {
    name: 'answers a repeated message with another number',
    faults: { store: { model: (beginning) => new Miscounting(beginning) } },
  },
  { name: 'tells everybody what is private', faults: { hub: (clock, turn) => new Indiscreet(clock, turn) } },
  {
    name: 'takes what comes after a gap as if there were none',
    faults: { everybodyIsSlow: true },
    breakPage: () => {
      const { hearEvent } = RoomState.prototype;
      return replace(RoomState.prototype, 'hearEvent', function (this: RoomState, event) {
        const known = [this.lobby, ...this.directs].find(({ id }) => id === event.conversationId);
        if (known !== undefined && event.seq > known.known) known.take(event);
        else hearEvent.call(this, event);
      });
    },
  },
  {
    name: 'does not notice that the room is another one',
    breakPage: () => replace(ConversationState.prototype, 'reset', () => undefined),
  },
  {
    name: 'hears no heartbeat',
    faults: { everybodyIsSlow: true },
    breakPage: () => {
      const { hearSignal } = RoomState.prototype;
      return replace(RoomState.prototype, 'hearSignal', function (this: RoomState, signal) {
        if (signal.type !== 'heads') hearSignal.call(this, signal);
      });
    },
  },
  {
    name: 'sends the messages of one conversation side by side',
    breakPage: () => {
      const { add } = Outbox.prototype;
      return replace(Outbox.prototype, 'add', function (this: Outbox, target, body) {
        return add.call(this, { ...target, lane: `${target.lane} ${(lanes += 1)}` }, body);
      });
    },
  },
  {
    name: 'believes that what it was told last is all there is',
    breakPage: () => {
      const { enter } = ConversationState.prototype;
      return replace(ConversationState.prototype, 'enter', function (this: ConversationState, told) {
        return enter.call(this, { ...told, head: Math.max(1, Math.min(this.known || told.head, told.head)) });
      });
    },
  },
];
