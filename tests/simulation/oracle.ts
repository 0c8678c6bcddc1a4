import type { Id, Seq } from '../../server/protocol/entities.ts';
import type { LogEvent } from '../../server/protocol/events.ts';
import type { Frame } from './frames.ts';
import type { Line, Listener } from './line.ts';
import type { Volume } from './volume.ts';

/** A message that somebody wrote. */
export interface Written {
  /** Chosen by the author's page. */
  id: Id;
  text: string;
  authorId: Id;
  /** Which tab of theirs, and which of that tab's lives: what one of them wrote goes in order. */
  tab: string;
  /** Null for the lobby; else who may read it, the author included. */
  readers: Id[] | null;
  /** It was on the author's own disk: whatever happens from then on, it arrives. */
  kept: boolean;
}

/** Something that was promised and is not so. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

/** Who asked what, of the posts that wait for an answer. */
type Asks = Map<number, { command: string; id: string }>;

/**
 * Knows what was promised. It reads everything that goes over the wire, and is asked at the end whether what everybody
 * has is what there should be.
 */
export class Oracle implements Listener {
  readonly written: Written[] = [];
  /** How many frames went out. */
  frames = 0;
  acknowledged = 0;
  readonly #volume: Volume;
  readonly #asks = new WeakMap<Line, Asks>();
  /** Of each conversation every event as it was first told, by its number. */
  readonly #told = new Map<Id, LogEvent[]>();
  readonly #seen = new WeakSet<LogEvent>();
  /** What each message's author was answered. */
  readonly #answers = new Map<string, { conversationId: Id; seq: Seq }>();
  readonly #withdrawn: { conversationId: Id; seq: Seq }[] = [];
  /** The first promise that was broken. */
  broken: string | null = null;

  constructor(volume: Volume) {
    this.#volume = volume;
  }

  asked(line: Line, text: string): void {
    const { id, command, input } = JSON.parse(text) as {
      id: number;
      command: string;
      input: { id?: string };
    };
    let asks = this.#asks.get(line);
    if (asks === undefined) this.#asks.set(line, (asks = new Map()));
    asks.set(id, { command, id: input.id ?? '' });
  }

  wrote(line: Line, { told }: Frame): void {
    this.frames += 1;
    const { memberId } = line.options;
    if (told.event !== undefined) this.#event(memberId, told.event);
    if (told.t !== 'answer' || told.result === undefined || typeof told.id !== 'number') return;
    const ask = this.#asks.get(line)?.get(told.id);
    if (ask?.command === 'message.post')
      this.#acknowledge(memberId, ask.id, told.result as { conversationId: Id; seq: Seq });
    if (ask?.command === 'history.page')
      for (const event of told.result['events'] as LogEvent[]) this.#event(memberId, event);
  }

  /** The host said that a message's text is gone. */
  withdrew(conversationId: Id, seq: Seq): void {
    this.#withdrawn.push({ conversationId, seq });
  }

  /** An old copy was put in the place of the room: what came after it may be gone, and numbers are given again. */
  restored(): void {
    this.#told.clear();
    this.#answers.clear();
    this.#withdrawn.splice(0);
    for (const written of this.written) written.kept = false;
  }

  /** Whether a message has arrived for good. */
  wasAcknowledged({ authorId, id }: Written): boolean {
    return this.#answers.has(`${authorId} ${id}`);
  }

  /** Noted as well as thrown: whoever is being watched may catch it. */
  #break(what: string): never {
    this.broken ??= what;
    throw new Broken(what);
  }

  #event(reader: Id, event: LogEvent): void {
    const { conversationId, seq } = event;
    const conversation = this.#volume.model.conversations.get(conversationId);
    if (conversation === undefined) this.#break(`told of conversation ${conversationId}, which is not there`);
    if (conversation.kind === 'direct' && !conversation.memberIds.includes(reader))
      this.#break(`${reader} was told what is not for them: ${JSON.stringify(event)}`);
    if (this.#seen.has(event)) return;
    this.#seen.add(event);
    if (seq > (this.#volume.durable.get(conversationId) ?? 0))
      this.#break(`told before it was on disk: ${JSON.stringify(event)}`);
    const known = this.#told.get(conversationId) ?? [];
    this.#told.set(conversationId, known);
    const before = known[seq];
    if (before === undefined) known[seq] = event;
    else if (!isSame(before, event))
      this.#break(`told twice and not the same: ${JSON.stringify(before)} and ${JSON.stringify(event)}`);
  }

  #acknowledge(authorId: Id, id: Id, { conversationId, seq }: { conversationId: Id; seq: Seq }): void {
    this.acknowledged += 1;
    const name = `${authorId} ${id}`;
    const before = this.#answers.get(name);
    this.#answers.set(name, { conversationId, seq });
    if (before !== undefined && (before.seq !== seq || before.conversationId !== conversationId))
      this.#break(`message ${id} was answered with ${before.seq}, then with ${seq}`);
    if (seq > (this.#volume.durable.get(conversationId) ?? 0))
      this.#break(`message ${id} was acknowledged as ${seq} before it was on disk`);
    const event = this.#volume.model.conversations.get(conversationId)?.events[seq - 1];
    if (event?.type !== 'message.posted' || event.id !== id || event.authorId !== authorId)
      this.#break(`message ${id} was acknowledged as ${seq}, which is ${JSON.stringify(event)}`);
  }

  /**
   * Whether the host's own copy is what it should be.
   *
   * @param returned - messages that the host would not have; their authors know.
   * @throws Broken.
   */
  judgeHost(returned: ReadonlySet<Id>): void {
    const { conversations } = this.#volume.model;
    const places = new Map<string, { conversationId: Id; seq: Seq }>();
    for (const { id: conversationId, events } of conversations.values()) {
      let at = 0;
      for (const [i, event] of events.entries()) {
        if (event.seq !== i + 1) this.#break(`${conversationId} has ${event.seq} in place of ${i + 1}`);
        if (event.at < at) this.#break(`time goes back at ${conversationId} ${event.seq}`);
        at = event.at;
        if (event.type !== 'message.posted') continue;
        const name = `${event.authorId} ${event.id}`;
        if (places.has(name)) this.#break(`message ${event.id} is there twice`);
        places.set(name, { conversationId, seq: event.seq });
      }
    }
    this.#judgeTold();
    for (const written of this.written) if (!returned.has(written.id)) this.#judgeMessage(written, places);
    this.#judgeOrder(places);
    for (const { conversationId, seq } of this.#withdrawn) {
      const event = conversations.get(conversationId)?.events[seq - 1];
      if (event?.type !== 'message.posted' || event.body !== null)
        this.#break(`withdrawn, and there again: ${JSON.stringify(event)}`);
    }
  }

  /** What anybody was ever told is there. */
  #judgeTold(): void {
    for (const [conversationId, told] of this.#told) {
      const events = this.#volume.model.conversations.get(conversationId)?.events ?? [];
      for (const event of told) {
        if (event === undefined) continue;
        const now = events[event.seq - 1];
        if (now === undefined || !isSame(event, now))
          this.#break(`told and lost: ${JSON.stringify(event)} is now ${JSON.stringify(now)}`);
      }
    }
  }

  #judgeMessage(written: Written, places: ReadonlyMap<string, { conversationId: Id; seq: Seq }>): void {
    const { authorId, id, text, readers, kept } = written;
    const place = places.get(`${authorId} ${id}`);
    if (place === undefined) {
      if (kept || this.wasAcknowledged(written)) this.#break(`lost: ${text}`);
      return;
    }
    const conversation = this.#volume.model.conversations.get(place.conversationId);
    const event = conversation?.events[place.seq - 1];
    if (event?.type === 'message.posted' && event.body !== null && event.body !== text)
      this.#break(`written as ${text}, there as ${event.body}`);
    const others = conversation?.kind === 'lobby' ? null : (conversation?.memberIds ?? []);
    if (String(others) !== String(readers))
      this.#break(`${text} is for ${String(readers)}, not ${String(others)}`);
  }

  /** What one tab wrote in one conversation is there in the order in which it was written. */
  #judgeOrder(places: ReadonlyMap<string, { seq: Seq }>): void {
    const last = new Map<string, Seq>();
    for (const { authorId, id, tab, readers, text } of this.written) {
      const place = places.get(`${authorId} ${id}`);
      if (place === undefined) continue;
      const lane = `${tab} ${String(readers)}`;
      if (place.seq < (last.get(lane) ?? 0)) this.#break(`out of order: ${text}, by ${tab}`);
      last.set(lane, place.seq);
    }
  }
}

/** One event told at two times: between them its text may have been withdrawn. */
export function isSame(a: LogEvent, b: LogEvent): boolean {
  if (a.type !== b.type || a.seq !== b.seq || a.at !== b.at || a.authorId !== b.authorId) return false;
  if (a.type === 'message.posted' && b.type === 'message.posted')
    return a.id === b.id && (a.body === b.body || a.body === null || b.body === null);
  return true;
}
