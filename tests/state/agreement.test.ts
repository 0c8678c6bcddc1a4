// time limit: 180 s
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRoom } from '../support/room.ts';
import { until, Visitor, wholeLog } from '../support/visitor.ts';

/** Whatever happens to the connections, everybody ends with the same conversations, and nothing is lost or doubled. */
const agreement = suite('After drops and reconnects');

const NAMES = ['ada', 'grace', 'edsger', 'barbara'];

/** What a person, or the world, may do next. */
const step = fc.oneof(
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('lobby' as const), who: fc.nat(3) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('private' as const),
      who: fc.nat(3),
      to: fc.subarray([0, 1, 2, 3], { minLength: 1 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut' as const), who: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reload' as const), who: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rename' as const), who: fc.nat(3) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(40) }) },
);

function agreeOnHeads(people: Visitor[]): boolean {
  const heads = new Map<string, Set<number>>();
  for (const person of people) {
    for (const { id, known } of person.conversations())
      heads.set(id ?? '', (heads.get(id ?? '') ?? new Set()).add(known));
  }
  return [...heads.values()].every((known) => known.size === 1);
}

agreement('all copies of every conversation are equal, and every message is there once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
      const room = await openRoom();
      const people = NAMES.map(() => new Visitor(() => room.address));
      for (const [i, person] of people.entries()) await person.signUp(NAMES[i] ?? '', room.host.ownerCode());
      const ids = people.map((person) => person.room.me);
      const written: string[] = [];
      let renames = 0;

      for (const each of steps) {
        if (each.kind === 'wait') await new Promise((resolve) => setTimeout(resolve, each.ms));
        else if (each.kind === 'restart') await room.restart();
        else {
          const person = people[each.who];
          if (person === undefined || person.visit.room === null) continue;
          const text = `${written.length}`;
          if (each.kind === 'lobby') {
            written.push(text);
            await person.room.post(person.room.lobby, text);
          } else if (each.kind === 'private') {
            written.push(text);
            await person.room.post(person.room.direct(each.to.map((i) => ids[i] ?? '')), text);
          } else if (each.kind === 'cut') person.cut();
          else if (each.kind === 'reload') await person.reload();
          else await person.room.rename(`${NAMES[each.who]}${(renames += 1)}x`).catch(() => undefined);
        }
      }

      await until(
        () => people.every(({ visit }) => visit.status === 'in' && visit.room?.outbox.pending.length === 0),
        'everybody to be back with nothing left to send',
        30_000,
      );
      await until(() => agreeOnHeads(people), 'everybody to know of the last event', 30_000);
      const logs = new Map<string, unknown>();
      const found: string[] = [];
      for (const person of people) {
        for (const conversation of person.conversations()) {
          const events = await wholeLog(conversation);
          const id = conversation.id ?? '';
          if (logs.has(id)) assert.equal(events, logs.get(id), `two copies of ${conversation.kind} differ`);
          else {
            logs.set(id, events);
            for (const event of events) if (event.type === 'message.posted') found.push(event.body ?? '');
          }
          assert.equal(
            events.map(({ seq }) => seq),
            events.map((_, i) => i + 1),
            'numbered without a hole',
          );
        }
      }
      assert.equal(found.toSorted(), written.toSorted(), 'nothing lost, nothing doubled');
      for (const person of people) person.leave();
      await room.close();
    }),
    { numRuns: 12, seed: Number(process.env['SALON_SEED'] ?? 20_261_123) },
  );
});

agreement('a message written while the room is away survives a reload and arrives once', async () => {
  const room = await openRoom();
  const ada = new Visitor(() => room.address);
  await ada.signUp('ada', room.host.ownerCode());
  ada.cut();
  await ada.room.post(ada.room.lobby, 'are you there?');
  await ada.reload();
  await until(
    () => ada.visit.status === 'in' && ada.room.outbox.pending.length === 0,
    'the message to leave',
  );

  const events = await wholeLog(ada.room.lobby);
  assert.is(
    events.filter((event) => event.type === 'message.posted' && event.body === 'are you there?').length,
    1,
  );
  ada.leave();
  await room.close();
});

agreement('a draft is there again after a reload, in its own conversation', async () => {
  const room = await openRoom();
  const ada = new Visitor(() => room.address);
  const grace = new Visitor(() => room.address);
  await ada.signUp('ada', room.host.ownerCode());
  await grace.signUp('grace', null);
  await until(() => ada.room.members.size === 2, 'ada to see grace');
  ada.room.lobby.draft = 'half a thought';
  ada.room.direct([grace.room.me]).draft = 'for grace only';
  await new Promise((resolve) => setTimeout(resolve, 400));

  await ada.reload();
  await until(() => ada.visit.status === 'in', 'ada to be back');

  assert.is(ada.room.lobby.draft, 'half a thought');
  assert.is(ada.room.direct([grace.room.me]).draft, 'for grace only');
  for (const visitor of [ada, grace]) visitor.leave();
  await room.close();
});

agreement.run();
