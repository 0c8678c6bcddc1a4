import { ulid } from 'ulid';
import { LIMITS } from '../protocol/entities.ts';
import { SalonError } from '../protocol/errors.ts';
import type { LogEvent } from '../protocol/events.ts';
import type { Handlers } from './index.ts';

/** Nothing a reader could see: spaces, format and control characters, and the letters that draw nothing. */
const INVISIBLE = /^[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0\u2800]*$/u;
/** Control characters other than line feed and tab, and those that turn the direction of what follows. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROLS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** Posting, and taking back what nobody has received. */
export const messages: Pick<Handlers, 'message.post' | 'message.withdraw' | 'history.page'> = {
  async 'message.post'({ store, hub, clock, memberId }, { id, conversationId, to, body: typed }) {
    if ((conversationId === undefined) === (to === undefined)) throw new SalonError('BAD_SHAPE', { path: 'to' });
    const posted = await store.post({
      id,
      authorId: memberId,
      conversationId: conversationId ?? null,
      to: to ?? null,
      newConversationId: ulid(),
      body: readBody(typed),
      now: clock.now(),
    });
    hub.publish(posted.published);
    return { conversationId: posted.conversationId, seq: posted.seq, at: posted.at };
  },

  async 'message.withdraw'({ store, hub, clock, memberId }, { conversationId, seq }) {
    hub.publish([await store.withdraw(conversationId, seq, memberId, clock.now())]);
    return {};
  },

  async 'history.page'({ store, memberId }, { conversationId, before, after, limit }) {
    if ((before === undefined) === (after === undefined)) throw new SalonError('BAD_SHAPE', { path: 'before' });
    const range = before === undefined ? { after: after ?? 0 } : { before };
    const { events, head } = await store.page(conversationId, memberId, range, limit);
    return { events: 'before' in range ? lightest(events.toReversed()).toReversed() : lightest(events), head };
  },
};

/** A page of long messages ends early: 200 of the longest are twelve million bytes, and a slow link would choke on them. */
const PAGE_BYTES = 512 * 1024;

/** The first ones, as many as fit; at least one. */
function lightest(events: readonly LogEvent[]): LogEvent[] {
  let bytes = 0;
  const end = events.findIndex((event) => {
    bytes += event.type === 'message.posted' ? Buffer.byteLength(event.body ?? '') : 0;
    return bytes > PAGE_BYTES;
  });
  return events.slice(0, end === -1 ? events.length : Math.max(1, end));
}

/** A body as it is kept. @throws SalonError `BODY_EMPTY`, `BODY_TOO_LONG`. */
export function readBody(typed: string): string {
  const body = typed.toWellFormed().replace(/\r\n?/g, '\n').replace(CONTROLS, '');
  if (INVISIBLE.test(body)) throw new SalonError('BODY_EMPTY');
  const tooLong = [...body].length > LIMITS.bodyCharacters || Buffer.byteLength(body) > LIMITS.bodyBytes;
  if (tooLong) throw new SalonError('BODY_TOO_LONG');
  return body;
}
