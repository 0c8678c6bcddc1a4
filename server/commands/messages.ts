import { ulid } from 'ulid';
import { readBody, readCaption } from '../protocol/bodies.ts';
import { SalonError } from '../protocol/errors.ts';
import type { LogEvent } from '../protocol/events.ts';
import { cleanFileName } from '../protocol/file-names.ts';
import type { Handlers } from './index.ts';

/** Posting, and taking back what nobody has received. */
export const messages: Pick<Handlers, 'message.post' | 'message.withdraw' | 'history.page'> = {
  async 'message.post'({ store, hub, clock, memberId }, { id, conversationId, to, body: typed, file }) {
    if ((conversationId === undefined) === (to === undefined))
      throw new SalonError('BAD_SHAPE', { path: 'to' });
    const posted = await store.post({
      id,
      authorId: memberId,
      conversationId: conversationId ?? null,
      to: to ?? null,
      // Making an id costs more than all the rest here: only where one may be needed.
      newConversationId: conversationId ?? ulid(),
      body: file === undefined ? readBody(typed) : readCaption(typed),
      file: file && { hash: file.hash, name: cleanFileName(file.name) },
      now: clock.now(),
    });
    hub.publish(posted.published);
    return { conversationId: posted.conversationId, seq: posted.seq, at: posted.at };
  },

  async 'message.withdraw'({ store, files, hub, clock, memberId }, { conversationId, seq }) {
    const { events } = await store.page(conversationId, memberId, { after: seq - 1 }, 1);
    hub.publish([await store.withdraw(conversationId, seq, memberId, clock.now())]);
    for (const event of events)
      if (event.type === 'message.posted' && event.file !== undefined) await files.drop(event.file.hash);
    return {};
  },

  async 'history.page'({ store, memberId }, { conversationId, before, after, limit }) {
    if ((before === undefined) === (after === undefined))
      throw new SalonError('BAD_SHAPE', { path: 'before' });
    const events: LogEvent[] = [];
    for (;;) {
      const some = Math.min(limit - events.length, EVENTS_AT_ONCE);
      const page = await (before === undefined
        ? store.page(conversationId, memberId, { after: events.at(-1)?.seq ?? after ?? 0 }, some)
        : store.page(conversationId, memberId, { before: events[0]?.seq ?? before }, some));
      if (before === undefined) events.push(...page.events);
      else events.unshift(...page.events);
      const whole = page.events.length < some || events.length >= limit;
      if (whole || bytesIn(events) > PAGE_BYTES) return { events, head: page.head };
    }
  },
};

/**
 * 200 of the longest messages are twelve million bytes: a slow link would choke on them, and everybody would wait while
 * they are read. So they are read a few at a time, and a page that has become heavy ends early.
 */
const EVENTS_AT_ONCE = 25;
const PAGE_BYTES = 512 * 1024;

function bytesIn(events: readonly LogEvent[]): number {
  return events.reduce(
    (sum, event) => sum + Buffer.byteLength((event.type === 'message.posted' && event.body) || ''),
    0,
  );
}
