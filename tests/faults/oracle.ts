import * as assert from 'uvu/assert';
import type { Id, Seq, Timestamp } from '../../server/protocol/entities.ts';
import type { LogEvent } from '../../server/protocol/events.ts';
import { KIND_NUMBERS } from '../../server/store/log.ts';
import { closeDatabase, openDatabase } from '../../server/store/opening.ts';

/** What the host answered to a message. */
export interface Acknowledgement {
  conversationId: Id;
  seq: Seq;
  at: Timestamp;
}

type Row = {
  conversation: Id;
  seq: Seq;
  at: Timestamp;
  kind: number;
  author: Id | null;
  id: Id | null;
  body: string | null;
};

/** What came of it, in numbers. */
export type Judgement = Record<'written' | 'acknowledged' | 'stored' | 'lost' | 'doubled', number>;

/**
 * Knows what everybody wrote, what was acknowledged, and what anybody ever saw; and compares it in the end with what the
 * room kept. It believes nobody: clients tell it as things happen, and the database is read when the host is gone.
 */
export class Oracle {
  /** Whatever broke the promise while it happened. */
  readonly wrong: string[] = [];
  /** From writing to the answer, whatever happened in between. In milliseconds. */
  readonly answerTimes: number[] = [];
  readonly #written = new Map<string, Id>();
  readonly #writtenAt = new Map<string, number>();
  readonly #mayBeMissing = new Set<string>();
  readonly #acknowledged = new Map<Id, Acknowledgement>();
  /** By conversation and number. One version for all: the order is the same for everybody, and stays. */
  readonly #seen = new Map<string, string>();
  /** Which conversations a member ever heard something of. */
  readonly #heardOf = new Map<Id, Set<Id>>();

  get written(): number {
    return this.#written.size;
  }

  get acknowledgements(): number {
    return this.#acknowledged.size;
  }

  /** Each text is written once. Those of one author end in a number that counts up, so that their order shows. */
  wrote(author: Id, body: string): void {
    if (this.#written.has(body)) throw new Error(`"${body}" was written before`);
    this.#written.set(body, author);
    this.#writtenAt.set(body, performance.now());
  }

  /** The computer broke down before it had kept this: it may arrive or not, but once at most. */
  mayBeMissing(body: string): void {
    this.#mayBeMissing.add(body);
  }

  acknowledged(id: Id, body: string, { conversationId, seq, at }: Acknowledgement): void {
    const before = this.#acknowledged.get(id);
    if (before !== undefined && (before.seq !== seq || before.conversationId !== conversationId))
      this.wrong.push(`${id} was acknowledged as ${before.seq}, then as ${seq}`);
    else if (before === undefined)
      this.answerTimes.push(performance.now() - (this.#writtenAt.get(body) ?? Number.NaN));
    this.#acknowledged.set(id, { conversationId, seq, at });
  }

  saw(member: Id, event: LogEvent): void {
    const { conversationId, seq } = event;
    const place = placeOf(conversationId, seq);
    const version = versionOf(event);
    const before = this.#seen.get(place);
    if (before !== undefined && before !== version)
      this.wrong.push(`${place} was seen as ${before}, then as ${version}`);
    this.#seen.set(place, version);
    const heardOf = this.#heardOf.get(member) ?? new Set();
    this.#heardOf.set(member, heardOf.add(conversationId));
  }

  /** The host is gone: what is in its folder? @throws when anything is not as it was promised. */
  judge(directory: string): Judgement {
    const { rows, posted, readers, integrity } = readRoom(directory);
    const lost = this.#lost(posted);
    const doubled = repeated(posted.map(({ body }) => body ?? ''));
    assert.is(integrity, 'ok');
    assert.equal(this.wrong, []);
    assert.equal(lost, [], 'lost');
    assert.equal(doubled, [], 'doubled');
    assert.equal(strangersIn(posted, this.#written), [], 'nobody wrote this');
    assert.equal(disorderIn(rows), [], 'numbers, times and everybody’s own order');
    assert.equal(this.#unlikeSeen(rows), [], 'seen, but not kept so');
    assert.equal(this.#overheard(rows[0]?.conversation ?? '', readers), [], 'private stays private');
    return {
      written: this.written,
      acknowledged: this.acknowledgements,
      stored: posted.length,
      lost: lost.length,
      doubled: doubled.length,
    };
  }

  #lost(posted: readonly Row[]): string[] {
    const bodies = new Set(posted.map(({ body }) => body));
    const byId = new Map(posted.map((row) => [row.id, row]));
    const written = [...this.#written.keys()].filter((body) => !bodies.has(body));
    const acknowledged = [...this.#acknowledged].filter(([id, { conversationId, seq, at }]) => {
      const row = byId.get(id);
      return row?.conversation !== conversationId || row.seq !== seq || row.at !== at;
    });
    return [
      ...written.filter((body) => !this.#mayBeMissing.has(body)),
      ...acknowledged.map(([id, { seq }]) => `${id}, acknowledged as ${seq}`),
    ];
  }

  #unlikeSeen(rows: readonly Row[]): string[] {
    const kept = new Map(rows.map((row) => [placeOf(row.conversation, row.seq), versionOfRow(row)]));
    return [...this.#seen].flatMap(([place, version]) =>
      kept.get(place) === version ? [] : [`${place}: ${version}, kept: ${kept.get(place)}`],
    );
  }

  #overheard(lobby: Id, readers: readonly { conversation: Id; member: Id }[]): string[] {
    const may = new Set(readers.map(({ conversation, member }) => `${conversation} ${member}`));
    return [...this.#heardOf].flatMap(([member, conversations]) =>
      [...conversations].flatMap((each) =>
        each === lobby || may.has(`${each} ${member}`) ? [] : [`${member} heard of ${each}`],
      ),
    );
  }
}

/** What a room's folder holds, while no host runs on it. The lobby comes first. */
export function readRoom(directory: string) {
  const { db } = openDatabase({ directory, roomName: '', now: Date.now() });
  const rows = db.all<Row>(
    `SELECT c.uid AS conversation, e.seq, e.at, e.kind, m.uid AS author, e.client_id AS id, e.body
     FROM event e JOIN conversation c ON c.id = e.conversation_id LEFT JOIN member m ON m.id = e.author_id
     ORDER BY c.id, e.seq`,
  );
  const readers = db.all<{ conversation: Id; member: Id }>(
    `SELECT c.uid AS conversation, m.uid AS member FROM conversation_member cm
     JOIN conversation c ON c.id = cm.conversation_id JOIN member m ON m.id = cm.member_id WHERE c.id <> 1`,
  );
  const integrity = db.pragma('integrity_check');
  closeDatabase(db);
  const posted = rows.filter(({ kind }) => kind === KIND_NUMBERS['message.posted']);
  return { rows, posted, readers, integrity };
}

/** The number at the end of a text, by which its author counts. */
export function countOf(body: string): number {
  return Number(/(\d+)$/.exec(body)?.[1] ?? Number.NaN);
}

function placeOf(conversationId: Id, seq: Seq): string {
  return `${conversationId} ${seq}`;
}

/** What must never change of an event. */
function versionOf(event: LogEvent): string {
  const message = event.type === 'message.posted' ? [event.id, event.body] : [null, null];
  return JSON.stringify([KIND_NUMBERS[event.type], event.at, event.authorId, ...message]);
}

function versionOfRow({ kind, at, author, id, body }: Row): string {
  return JSON.stringify([kind, at, author, id, body]);
}

function repeated(bodies: readonly string[]): string[] {
  const once = new Set<string>();
  return bodies.filter((body) => once.has(body) || !once.add(body));
}

function strangersIn(posted: readonly Row[], written: ReadonlyMap<string, Id>): string[] {
  return posted.flatMap(({ author, body }) => (written.get(body ?? '') === author ? [] : [body ?? '']));
}

/** Holes in the numbers, times that go back, and messages that overtook an earlier one of the same author. */
function disorderIn(rows: readonly Row[]): string[] {
  const ends = new Map<Id, { seq: Seq; at: Timestamp }>();
  const counts = new Map<string, number>();
  return rows.flatMap(({ conversation, seq, at, author, body }) => {
    const before = ends.get(conversation) ?? { seq: 0, at: 0 };
    ends.set(conversation, { seq, at });
    const wrong: string[] = [];
    if (seq !== before.seq + 1) wrong.push(`${seq} follows ${before.seq} in ${conversation}`);
    if (at < before.at) wrong.push(`the time goes back at ${seq} in ${conversation}`);
    if (body === null) return wrong;
    const lane = `${author} ${conversation}`;
    const count = countOf(body);
    if (count <= (counts.get(lane) ?? 0)) wrong.push(`"${body}" comes after a later one`);
    counts.set(lane, count);
    return wrong;
  });
}
