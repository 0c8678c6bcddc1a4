import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ulid } from 'ulid';
import { openRoom, PASSWORD, refusal } from '../support/room.ts';
import { refused } from './refused.ts';

const renaming = suite('Being called something else');

renaming('is told to everybody in the lobby, and what was said before stays the same person’s', async () => {
  const room = await openRoom();
  const [ada, grace] = [await room.join('ada'), await room.join('grace')];
  await ada.say(ulid(), 'before');

  assert.equal(await ada.caller.ask('account.rename', { username: ' Countess ' }), { username: 'Countess' });

  const { conversationId, seq, at, ...event } = await grace.caller.hears('member.renamed');
  assert.equal(event, { type: 'member.renamed', authorId: ada.memberId, from: 'ada', to: 'Countess' });
  assert.is(conversationId, grace.lobby);
  assert.ok(seq > 0 && at > 0);
  assert.is((await grace.caller.hears('message.posted')).authorId, ada.memberId);
  const { members } = await (await room.knock()).signIn('countess').then(({ entered }) => entered);
  assert.is(members.find(({ id }) => id === ada.memberId)?.username, 'Countess');
  await room.close();
});

renaming('keeps the password, and the former name signs nobody in', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  await ada.caller.ask('account.rename', { username: 'countess' });

  const caller = await room.knock();
  assert.is(await refusal(caller.prove('signIn', 'ada', PASSWORD)), 'BAD_LOGIN');
  assert.is((await caller.signIn('countess')).memberId, ada.memberId);
  await room.close();
});

renaming(
  'to a name that is taken, looks like one, was one lately or breaks a rule changes nothing',
  async () => {
    const room = await openRoom();
    const [ada, grace] = [await room.join('ada'), await room.join('modern')];
    await grace.caller.ask('account.rename', { username: 'grace' });
    for (const username of ['grace', 'GRACE', 'modern', 'modem']) {
      assert.is(await refusal(ada.caller.ask('account.rename', { username })), 'NAME_TAKEN', username);
    }
    assert.equal(await refused(ada.caller.ask('account.rename', { username: 'owner' })), {
      code: 'NAME_INVALID',
      why: 'reserved',
      path: 'username',
    });
    await ada.say(ulid(), 'the end');
    await grace.caller.hears('message.posted');
    assert.is(
      grace.caller.events.filter(
        (event) => event.type === 'member.renamed' && event.authorId === ada.memberId,
      ).length,
      0,
    );
    await room.close();
  },
);

renaming('to the same name tells nobody; to another letter case of it is allowed', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  await ada.caller.ask('account.rename', { username: 'ada' });
  await ada.caller.ask('account.rename', { username: 'Ada' });
  await ada.caller.hears('member.renamed', ({ to }) => to === 'Ada');
  assert.is(ada.caller.events.filter(({ type }) => type === 'member.renamed').length, 1);
  await room.close();
});

renaming('to one free name by two at once gives it to one of them', async () => {
  const room = await openRoom();
  const people = [await room.join('ada'), await room.join('grace')];
  const outcomes = await Promise.allSettled(
    people.map(({ caller }) => caller.ask('account.rename', { username: 'countess' })),
  );
  assert.equal(outcomes.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  await room.close();
});

renaming.run();
