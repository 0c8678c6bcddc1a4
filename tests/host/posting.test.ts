import { ulid } from 'ulid';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRoom, refusal } from '../support/room.ts';

const posting = suite('Posting a message');

posting('to the lobby reaches everybody, the author included, with the next number', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  const grace = await room.join('grace');

  const posted = await ada.say(ulid(), 'Coffee?');

  for (const { caller } of [ada, grace]) {
    const event = await caller.hears('message.posted');
    assert.is(event.body, 'Coffee?');
    assert.is(event.authorId, ada.memberId);
    assert.is(event.seq, posted.seq);
  }
  await room.close();
});

posting('M3 twice with the same id posts once, so a lost reply can be retried', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  const id = ulid();

  const first = await ada.say(id, 'Coffee?');
  const second = await ada.say(id, 'Coffee?');

  assert.equal(first, second);
  await ada.say(ulid(), 'the end');
  await ada.caller.hears('message.posted', ({ body }) => body === 'the end');
  assert.is(ada.caller.events.filter(({ type }) => type === 'message.posted').length, 2);
  assert.is(await refusal(ada.say(id, 'Tea?')), 'CID_REUSED');
  await room.close();
});

posting('to one person reaches that person and the author, and nobody else by any way', async () => {
  const room = await openRoom();
  const [ada, grace, edsger] = [await room.join('ada'), await room.join('grace'), await room.join('edsger')];

  const { conversationId } = await ada.tell(ulid(), [grace.memberId], 'just us');
  await ada.say(ulid(), 'all of us');

  const event = await grace.caller.hears('message.posted', ({ body }) => body === 'just us');
  assert.is(event.conversationId, conversationId);
  await edsger.caller.hears('message.posted', ({ body }) => body === 'all of us');
  assert.not.ok(edsger.caller.events.some((heard) => heard.conversationId === conversationId));
  assert.is(
    await refusal(edsger.caller.ask('history.page', { conversationId, after: 0, limit: 10 })),
    'NO_SUCH_CONVERSATION',
  );
  assert.is(await refusal(edsger.say(ulid(), 'me too', conversationId)), 'NO_SUCH_CONVERSATION');
  await room.close();
});

posting('nothing that can be seen is refused and the connection stays', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');

  for (const body of ['', '   ', '\u200B\u2060', '\n\t'])
    assert.is(await refusal(ada.say(ulid(), body)), 'BODY_EMPTY');
  assert.is(await refusal(ada.say(ulid(), 'x'.repeat(16_001))), 'BODY_TOO_LONG');

  assert.ok((await ada.say(ulid(), 'x'.repeat(16_000))).seq > 0);
  await room.close();
});

posting('keeps what was written but for controls, line ends and what is not Unicode', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');

  await ada.say(ulid(), 'a\u0000b\r\nc\u202Ed\uD800 é 👩‍👩‍👧');

  const { body } = await ada.caller.hears('message.posted');
  assert.is(body, 'ab\ncd\uFFFD é 👩‍👩‍👧');
  await room.close();
});

posting.run();
