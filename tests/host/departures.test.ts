import { setImmediate as turn } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Departures } from '../../server/departures.ts';

/** The order of things that a test with real sockets meets once in a thousand runs. */
const departures = suite('Sending somebody away');

/** Connections of these people, and what happens to them. */
function connections(...memberIds: string[]) {
  const happened: string[] = [];
  const sessions = memberIds.map((memberId) => ({
    memberId,
    end: (reason: string) => void happened.push(`${memberId} ${reason}`),
  }));
  return { departures: new Departures(new Set(sessions)), happened };
}

departures('ends their connections before the store is asked, and nobody else’s', async () => {
  const { departures: all, happened } = connections('grace', 'ada', 'grace');
  const result = await all.without('grace', 'removed', () => {
    happened.push('stored');
    return Promise.resolve('done');
  });
  assert.is(result, 'done');
  assert.equal(happened, ['grace removed', 'grace removed', 'stored']);
});

departures('lets nobody in as one of them until what was begun before has been answered', async () => {
  const { departures: all } = connections();
  const seen: boolean[] = [all.has('grace')];
  const work = all.without('grace', 'removed', async () => {
    seen.push(all.has('grace'));
    await turn();
    seen.push(all.has('grace'));
  });
  // A token shown before the removal, whose answer came in the same turn, goes on a few steps later.
  const late = work.then(async () => {
    for (let steps = 0; steps < 5; steps += 1) await Promise.resolve();
    seen.push(all.has('grace'), all.has('ada'));
  });
  await late;
  await turn();
  seen.push(all.has('grace'));
  assert.equal(seen, [false, true, true, true, false, false]);
});

departures('is over also when the store refuses, and only when the last of several is', async () => {
  const { departures: all } = connections();
  const failed = all.without('grace', 'removed', () => Promise.reject(new Error('disk'))).catch(String);
  all.sendAway(['grace', 'lin'], 'guestEnded');
  assert.equal([all.has('grace'), all.has('lin')], [true, true]);
  assert.is(await failed, 'Error: disk');
  await turn();
  await turn();
  assert.equal([all.has('grace'), all.has('lin')], [false, false]);
});

departures.run();
