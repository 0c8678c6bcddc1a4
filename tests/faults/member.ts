import { setTimeout as wait } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import type { Id } from '../../server/protocol/entities.ts';
import type { LogEvent } from '../../server/protocol/events.ts';
import { until, Visitor, type Recorder, type VisitorOptions } from '../support/visitor.ts';
import type { Acknowledgement, Oracle } from './oracle.ts';
import { between, type Random } from './trial.ts';

/** Somebody in the room, by the interface's own state over real sockets, who tells the oracle of everything. */
export class Member {
  readonly name: string;
  readonly visitor: Visitor;
  /** How many were begun, whatever came of them. */
  connections = 0;
  framesHeard = 0;
  readonly #oracle: Oracle;
  #count = 0;
  #id: Id = '';

  private constructor(oracle: Oracle, name: string, address: () => string, options?: VisitorOptions) {
    this.name = name;
    this.#oracle = oracle;
    this.visitor = new Visitor(address, options);
    this.visitor.recording = () => {
      this.connections += 1;
      return recorderFor(
        oracle,
        () => this.#id,
        () => (this.framesHeard += 1),
      );
    };
  }

  /** Signs up and is in. The first one needs the owner's code. */
  static async join(
    oracle: Oracle,
    name: string,
    address: () => string,
    ownerCode: string | null = null,
    options?: VisitorOptions,
  ): Promise<Member> {
    const member = new Member(oracle, name, address, options);
    await member.visitor.signUp(name, ownerCode);
    member.#id = member.visitor.room.me;
    return member;
  }

  get id(): Id {
    return this.#id;
  }

  /** Connected, with nothing left to send. */
  get isSettled(): boolean {
    const { visit } = this.visitor;
    return visit.status === 'in' && visit.room?.outbox.pending.length === 0;
  }

  get isIn(): boolean {
    return this.visitor.visit.status === 'in';
  }

  /** Messages that are still only here. */
  get waiting(): number {
    return this.visitor.visit.room?.outbox.pending.length ?? 0;
  }

  /** To everybody, or privately to some. Resolves when this computer has kept it. */
  async write(to: readonly Member[] = [], padding = ''): Promise<string> {
    const { room } = this.visitor;
    this.#count += 1;
    const body = `${this.name} ${padding}${this.#count}`;
    this.#oracle.wrote(this.#id, body);
    await room.post(to.length === 0 ? room.lobby : room.direct(to.map(({ id }) => id)), body);
    return body;
  }

  /**
   * Writes now to everybody, now privately to one or two, until `isOver`; pauses while more waits than a person could
   * have written.
   */
  async keepWriting(random: Random, others: readonly Member[], isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      await wait(between(random, 20, 200));
      // A page that is being loaded again knows nothing of its room for a moment.
      if (this.visitor.visit.room === null || this.waiting >= 12) continue;
      const privately = others.length > 0 && random() < 0.4;
      const to = privately ? others.filter(() => random() < 0.5).slice(0, 2) : [];
      await this.write(to, 'x'.repeat(between(random, 0, 200)));
    }
  }

  leave(): void {
    this.visitor.leave();
  }
}

/** Everybody is back by themselves, nothing waits, and all know of the last events. @throws when that does not come. */
export async function settled(members: readonly Member[], ms = 90_000): Promise<void> {
  await until(() => members.every(({ isSettled }) => isSettled), whoIsMissing(members), ms);
  await until(() => knownAlike(members), 'everybody to know of the last events', ms);
}

/** What everybody holds is the same for all, without a hole. */
export async function compareCopies(members: readonly Member[]): Promise<void> {
  const copies = new Map<string, Map<number, string>>();
  for (const { visitor } of members) {
    for (const conversation of visitor.conversations()) {
      await conversation.jumpToEnd();
      const { events } = conversation.timeline;
      const first = events[0]?.seq ?? 1;
      assert.equal(
        events.map(({ seq }) => seq),
        events.map((_, i) => first + i),
        'numbered without a hole',
      );
      assert.is(events.at(-1)?.seq ?? 0, conversation.known);
      const id = conversation.id ?? '';
      const copy = copies.get(id) ?? new Map<number, string>();
      copies.set(id, copy);
      for (const event of events) {
        const text = JSON.stringify(contentOf(event));
        assert.is(copy.get(event.seq) ?? text, text, 'two copies differ');
        copy.set(event.seq, text);
      }
    }
  }
}

/** Who is at the time of joining is told by signals, so a copy of that event may say either. */
function contentOf(event: LogEvent): unknown {
  return event.type === 'member.joined' ? { ...event, member: event.member.id } : event;
}

function knownAlike(members: readonly Member[]): boolean {
  const known = new Map<string, Set<number>>();
  for (const { visitor } of members) {
    for (const { id, known: last } of visitor.conversations())
      known.set(id ?? '', (known.get(id ?? '') ?? new Set()).add(last));
  }
  return [...known.values()].every((lasts) => lasts.size === 1);
}

function whoIsMissing(members: readonly Member[]): string {
  return `${members.map(({ name }) => name).join(', ')} to be back with nothing left to send`;
}

interface Ask {
  id: number;
  command: string;
  input: { id: Id; body: string };
}

interface HostFrame {
  t: string;
  id?: number;
  event?: LogEvent;
  result?: Partial<Acknowledgement> & { events?: LogEvent[] };
}

/** Listens in on one socket: which message was answered how, and what was heard. */
function recorderFor(oracle: Oracle, me: () => Id, told: () => void): Recorder {
  const asked = new Map<number, { id: Id; body: string }>();
  return {
    sent: (text) => {
      const { id, command, input } = JSON.parse(text) as Ask;
      if (command === 'message.post') asked.set(id, input);
    },
    heard: (text) => {
      told();
      const { t, id, event, result } = JSON.parse(text) as HostFrame;
      if (t === 'event' && event !== undefined) oracle.saw(me(), event);
      if (t !== 'answer' || id === undefined) return;
      for (const each of result?.events ?? []) oracle.saw(me(), each);
      const posted = asked.get(id);
      if (posted !== undefined) oracle.acknowledged(posted.id, posted.body, result as Acknowledgement);
      asked.delete(id);
    },
  };
}
