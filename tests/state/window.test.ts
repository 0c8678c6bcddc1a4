import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ConversationState, type Pages } from '../../resources/state/conversation.ts';
import { Rows, rowsOf } from '../../resources/state/rows.ts';
import type { Seq } from '../../server/protocol/entities.ts';
import type { LogEvent } from '../../server/protocol/events.ts';
import { randomFrom } from '../faults/trial.ts';

const me = '01J8ZQ4T7N9X5C2V6B3M1K0H0A';
const other = '01J8ZQ4T7N9X5C2V6B3M1K0H0G';
const conversationId = '01J8ZQ4T7N9X5C2V6B3M1K0H0C';
const noon = new Date(2026, 10, 23, 12, 0).getTime();

/** A log that grows, and a conversation that hears of it and asks for pages of it. */
class Talk implements Pages {
  readonly log: LogEvent[] = [];
  readonly state = new ConversationState(this, me, 'lobby', [], conversationId);
  /** Events that were asked for again. */
  asked = 0;

  constructor() {
    this.add((seq) => ({ type: 'conversation.opened', ...place(seq), authorId: null, memberIds: [] }));
  }

  say(count: number): void {
    for (let i = 0; i < count; i += 1)
      this.add((seq) => ({
        ...{ type: 'message.posted', ...place(seq), authorId: other },
        ...{ id: `message-${seq}`, body: `line ${seq}` },
      }));
  }

  add(make: (seq: Seq) => LogEvent): void {
    const event = make(this.log.length + 1);
    this.log.push(event);
    this.state.take(event);
  }

  page: Pages['page'] = (_id, range, limit) => {
    const events =
      'before' in range
        ? this.log.slice(Math.max(0, range.before - 1 - limit), range.before - 1)
        : this.log.slice(range.after, range.after + limit);
    this.asked += events.length;
    return Promise.resolve({ events, head: this.log.length });
  };

  mark(): void {
    // Nobody is told.
  }

  keepDraft(): void {
    // Nothing is kept.
  }

  get held(): readonly LogEvent[] {
    return this.state.timeline.events;
  }
}

const place = (seq: Seq) => ({ conversationId, seq, at: noon + seq * 1_000 });

/** A window without holes that says what the log says. */
function agrees(talk: Talk): void {
  const first = talk.held[0]?.seq ?? 1;
  assert.equal(talk.held, talk.log.slice(first - 1, first - 1 + talk.held.length));
  assert.ok(talk.held.length <= 2_000, `holds ${talk.held.length} events`);
}

const window = suite('What is held of a long conversation');

window('is its end after a day of 20,000 messages, and never more than 2,000', () => {
  const talk = new Talk();
  let most = 0;
  for (let i = 0; i < 20_000; i += 1) {
    talk.say(1);
    most = Math.max(most, talk.held.length);
  }
  agrees(talk);
  assert.is(talk.held.at(-1)?.seq, 20_001);
  assert.ok(talk.state.atEnd);
  assert.is(most, 2_000);
  assert.is(talk.asked, 0, 'nothing of it had to be asked for');
});

window('comes back when somebody scrolls up to where it was let go, to the very first', async () => {
  const talk = new Talk();
  talk.say(5_000);
  const seen = new Set(talk.held.map(({ seq }) => seq));
  while (!talk.state.atStart) {
    await talk.state.loadBefore();
    agrees(talk);
    for (const { seq } of talk.held) seen.add(seq);
  }
  assert.is(seen.size, 5_001, 'every event was held on the way');
  assert.not.ok(talk.state.atEnd, 'the other end was let go for it');
});

window('stays where somebody reads, however much arrives, and goes on from there', async () => {
  const talk = new Talk();
  talk.say(3_000);
  while (talk.held.length < 1_900) await talk.state.loadBefore();
  const reading = talk.state.timeline.first;
  talk.state.isReadBack = true;
  talk.say(10_000);
  assert.ok(talk.state.timeline.has(reading), 'what is being read is still held');
  assert.not.ok(talk.state.atEnd);
  agrees(talk);
  while (!talk.state.atEnd) {
    const before = talk.state.timeline.last;
    await talk.state.loadAfter();
    assert.ok(talk.state.timeline.last > before);
    agrees(talk);
  }
  talk.state.isReadBack = false;
  talk.say(1);
  assert.is(talk.held.at(-1)?.seq, talk.log.length, 'and is followed again from the end');
});

window('is there for whoever does not look, at its end', () => {
  const talk = new Talk();
  talk.say(100);
  talk.state.isReadBack = true;
  talk.say(5_000);
  talk.state.isReadBack = false;
  agrees(talk);
  assert.not.ok(talk.state.atEnd);
  return talk.state.jumpToEnd().then(() => {
    agrees(talk);
    assert.ok(talk.state.atEnd);
  });
});

const rows = suite('Rows of a conversation that grows');

rows('are those that would be made anew, after whatever has happened', async () => {
  const random = randomFrom(7);
  const talk = new Talk();
  const kept = new Rows();
  const { state } = talk;
  for (let step = 0; step < 1_500; step += 1) {
    const dice = random();
    if (dice < 0.7) talk.say(1 + Math.floor(random() * 4));
    else if (dice < 0.8) await withdraw(talk, random);
    else if (dice < 0.85) await state.loadBefore();
    else if (dice < 0.9) state.firstUnread = random() < 0.5 ? null : Math.ceil(random() * talk.log.length);
    else if (dice < 0.92) await state.jumpToStart();
    else if (dice < 0.94) await state.jumpToEnd();
    else
      state.pending = random() < 0.5 ? [] : [waiting(`waiting-${step}`), waiting(`message-${state.known}`)];
    const { timeline, pending, firstUnread, atStart } = state;
    const input = { events: timeline.events, pending, me, firstUnread, atStart };
    assert.equal(kept.of(input), rowsOf(input));
    assert.is(kept.of(input), kept.of(input), 'the same list while nothing changes');
  }
});

rows('are made for what is new alone', () => {
  const talk = new Talk();
  talk.say(1_500);
  const kept = new Rows();
  const all = () => {
    const { timeline, pending, firstUnread, atStart } = talk.state;
    return kept.of({ events: timeline.events, pending, me, firstUnread, atStart });
  };
  const before = all();
  let read = 0;
  for (const event of talk.held) {
    const { type } = event;
    Object.defineProperty(event, 'type', {
      get: () => {
        read += 1;
        return type;
      },
    });
  }
  talk.say(3);
  const after = all();
  assert.is(after.length, before.length + 3);
  assert.is(read, 0, 'no event from before was looked at again');
  for (const [at, row] of before.entries()) assert.is(after[at], row);
});

function waiting(id: string) {
  return {
    ...{ id, conversationId, to: null, lane: '', body: 'not there yet', createdAt: noon },
    ...{ state: 'waiting' as const, refusal: null },
  };
}

/** One of the last messages, which the log forgets too. */
async function withdraw(talk: Talk, random: () => number): Promise<void> {
  const seq = talk.log.length - Math.floor(random() * 20);
  const event = talk.log[seq - 1];
  if (event?.type !== 'message.posted' || event.body === null) return;
  talk.log[seq - 1] = { ...event, body: null };
  talk.add((last) => ({
    ...{ type: 'message.withdrawn', ...place(last), authorId: other, messageSeq: seq },
  }));
}

window.run();
rows.run();
