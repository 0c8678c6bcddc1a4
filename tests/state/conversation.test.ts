import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ConversationState, type Pages } from '../../resources/state/conversation.ts';
import type { Conversation, Seq } from '../../server/protocol/entities.ts';
import { SalonError } from '../../server/protocol/errors.ts';
import type { LogEvent } from '../../server/protocol/events.ts';

const windows = suite('What a reader holds of a conversation');

const CONVERSATION = '01M83JJ2YCFXG0SQB21MRDCSVZ';
const ADA = '01M83JJ311C8J73DKNRAJZ3094';
const GRACE = '01M83JJ311C8J73DKNRAJZ3095';

const said = (seq: Seq): LogEvent => ({
  type: 'message.posted',
  conversationId: CONVERSATION,
  seq,
  at: seq,
  authorId: GRACE,
  id: CONVERSATION,
  body: `${seq}`,
});

const withdrawn = (seq: Seq, messageSeq: Seq): LogEvent => ({
  type: 'message.withdrawn',
  conversationId: CONVERSATION,
  seq,
  at: seq,
  authorId: GRACE,
  messageSeq,
});

function told(head: Seq): Conversation {
  return {
    id: CONVERSATION,
    kind: 'direct',
    memberIds: [ADA, GRACE],
    first: 1,
    head,
    lastAt: head,
    read: head,
    unread: 0,
    receipts: [],
  };
}

/** A host with a log, that answers when the test says so. */
class Host implements Pages {
  log: LogEvent[] = Array.from({ length: 300 }, (_, i) => said(i + 1));
  /** What happens between the reading of a page and its arrival. */
  meanwhile: () => void = () => undefined;

  async page(_: string, range: { before: Seq } | { after: Seq }, limit: number) {
    const events =
      'before' in range
        ? this.log.slice(Math.max(0, range.before - 1 - limit), range.before - 1)
        : this.log.slice(range.after, range.after + limit);
    await Promise.resolve();
    this.meanwhile();
    return { events, head: this.log.length };
  }

  mark(): void {}
  keepDraft(): void {}
}

windows('never shows a text that was withdrawn while the page that has it was on its way', async () => {
  const host = new Host();
  const conversation = new ConversationState(host, ADA, 'direct', [ADA, GRACE], CONVERSATION);
  await conversation.enter(told(300));
  await conversation.open();
  host.meanwhile = () => conversation.take(withdrawn(301, 150));
  await conversation.loadBefore();
  const event = conversation.timeline.at(150);
  assert.ok(event?.type === 'message.posted');
  assert.is(event.body, null);
});

windows('is there for whoever opened it before it began, though its beginning was not heard', async () => {
  const host = new Host();
  host.log = host.log.slice(0, 3);
  const conversation = new ConversationState(host, ADA, 'direct', [ADA, GRACE], null);
  assert.is(await conversation.open(), 'end');
  // It began while the connection was gone; coming back tells how long it is by now.
  conversation.id = CONVERSATION;
  await conversation.enter(told(3));
  assert.is(conversation.timeline.last, 3);
  assert.ok(conversation.atEnd);
});

windows('is brought to the end though a busy host refuses at first', async () => {
  const host = new Host();
  const conversation = new ConversationState(host, ADA, 'direct', [ADA, GRACE], CONVERSATION);
  await conversation.enter(told(300));
  await conversation.open();
  host.log.push(said(301), said(302));
  let refusals = 0;
  host.meanwhile = () => {
    if ((refusals += 1) < 3) throw new SalonError('SLOW_DOWN', { retryMs: 1 });
  };
  await conversation.enter(told(302));
  assert.is(conversation.timeline.last, 302);
  assert.is(refusals, 3);
});

windows('goes to the end when that is asked for while a jump to the start is under way', async () => {
  const host = new Host();
  const conversation = new ConversationState(host, ADA, 'direct', [ADA, GRACE], CONVERSATION);
  await conversation.enter(told(300));
  await conversation.open();
  const start = conversation.jumpToStart();
  await conversation.jumpToEnd();
  await start;
  assert.is(conversation.timeline.last, 300);
});

windows('closes the gap behind a page also when the host is busy meanwhile, and follows again', async () => {
  const host = new Host();
  const conversation = new ConversationState(host, ADA, 'direct', [ADA, GRACE], CONVERSATION);
  await conversation.enter(told(300));
  let pages = 0;
  host.meanwhile = () => {
    pages += 1;
    if (pages === 1) {
      host.log.push(said(301));
      conversation.take(said(301));
    }
    if (pages === 2) throw new SalonError('BUSY', { retryMs: 1 });
  };
  await conversation.open();
  assert.is(conversation.timeline.last, 301);
  conversation.take(said(302));
  assert.is(conversation.timeline.last, 302);
});

windows.run();
