// time limit: 120 s
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ulid } from 'ulid';
import type { Id } from '../../server/protocol/entities.ts';
import { SalonError } from '../../server/protocol/errors.ts';
import type { PostedMessage, Store } from '../../server/store/records.ts';
import { between, effort, randomFrom, report, seed, type Random } from '../faults/trial.ts';
import { Model, type Modelled } from '../simulation/model.ts';
import { DAY, message, named, newSession, NOON, openRoom, snapshotOf } from './scratch.ts';

/** Simulated rooms have a store without SQL. It is worth something only as long as the real one answers the same. */
const model = suite('The store of simulated rooms');

type Ask = (store: Modelled) => unknown;

/** Everything two stores may differ in: the answer, or the refusal. */
function answerOf(store: Modelled, ask: Ask): string {
  try {
    return JSON.stringify(ask(store)) ?? 'nothing';
  } catch (error) {
    if (error instanceof SalonError) return error.code;
    throw error;
  }
}

interface Setting {
  real: Store;
  model: Model;
  people: readonly Id[];
  lobby: Id;
  tokens: readonly string[];
  close: () => void;
}

function open(): Setting {
  const { store: real, ada, grace, lin, lobby, close } = openRoom();
  const people = [ada, grace, lin];
  const sessions = people.map((memberId) => {
    const session = newSession();
    real.createSession(memberId, session, 20, NOON);
    const stored = real.sessions(memberId).find(({ id }) => id === session.id);
    assert.ok(stored);
    return [session.tokenHash, stored] as const;
  });
  const {
    people: { members },
    room,
  } = snapshotOf(real, ada);
  const { events } = real.page(lobby, ada, { after: 0 }, 200);
  const places = new Map(people.map((id) => [id, { delivered: 0, read: 0 }]));
  const model = new Model({
    room,
    members,
    lobby: { id: lobby, events, places },
    sessions,
    nameOf: named,
  });
  return { real, model, people, lobby, tokens: sessions.map(([hash]) => hash), close };
}

/** Versions only tell whether something has changed: each counts its own way. */
function told(store: Modelled, memberId: Id) {
  const { people, ...rest } = snapshotOf(store, memberId);
  const since = store.snapshotSince(memberId, people.version).people;
  return { ...rest, people: { ...people, version: null }, since };
}

/** Something that a host may ask, of what there is or is not. */
function anyAsk(
  random: Random,
  { model: { conversations }, people, lobby, tokens }: Setting,
  posted: PostedMessage[],
): Ask {
  const one = <T>(of: readonly T[]): T => of[between(random, 0, of.length - 1)] as T;
  const who = one([...people, ...people, ulid()]);
  const where = one([lobby, ...conversations.keys(), ulid()]);
  const some = people.filter(() => random() < 0.5);
  const seq = between(random, 0, (conversations.get(where)?.events.length ?? 0) + 2);
  const now = NOON + Math.round((random() * 2 - 1) * 2 * DAY);
  switch (between(random, 0, 12)) {
    case 0:
    case 1:
    case 2: {
      const target = random() < 0.4 ? where : some.length > 0 ? some : [who];
      const before = posted.length > 0 && random() < 0.3 ? one(posted) : null;
      const repeated = before === null ? {} : { id: before.id, authorId: before.authorId };
      const same = before !== null && random() < 0.6 ? before : {};
      const next = { ...message(who, target, one(['Hm.', 'Yes.'])), now, ...repeated, ...same };
      posted.push(next);
      return (store) => store.post(next);
    }
    case 3:
      return (store) => store.withdraw(where, seq, who, now);
    case 4: {
      const read = between(random, 0, seq);
      return (store) => store.mark(where, who, seq, read, now);
    }
    case 5: {
      const limit = between(random, 1, 12);
      const range = random() < 0.5 ? { before: seq } : { after: seq };
      return (store) => store.page(where, who, range, limit);
    }
    case 6:
      return (store) => store.conversation(where, who);
    case 7:
      return (store) => store.audience(where, who);
    case 8: {
      const id = ulid();
      const whom = random() < 0.1 ? [...some, ulid()] : some;
      const by = one(people);
      return (store) => store.openDirect(whom, by, id, now);
    }
    case 9: {
      const name = named(one(['ada', 'Ada', 'grace', 'lin', 'll', 'l1', 'o', '0', 'noether']));
      const at = now + one([0, 100]) * DAY;
      const whose = one(people);
      return (store) => store.rename(whose, name, at);
    }
    case 10: {
      const hash = one([...tokens, newSession().tokenHash]);
      const at = now + one([0, 2, 10, 40]) * DAY;
      return (store) => store.resumeSession(hash, 3 * DAY, 20 * DAY, at);
    }
    case 11: {
      const [whose, session] = [one(people), ulid()];
      return (store) => store.sawMember(whose, session, now);
    }
    default:
      return (store) => ({ ...store.room(), all: people.map((id) => told(store, id)) });
  }
}

model('answers everything as the real one does', () => {
  const random = randomFrom(seed);
  let asked = 0;
  const answers = new Map<string, number>();
  for (let round = 0; round < effort(4, 60); round++) {
    const setting = open();
    const posted: PostedMessage[] = [];
    for (let n = 0; n < 250; n++, asked++) {
      const ask = anyAsk(random, setting, posted);
      const expected = answerOf(setting.real, ask);
      const refusal = /^[A-Z_]+$/.test(expected) ? expected : 'answered';
      answers.set(refusal, (answers.get(refusal) ?? 0) + 1);
      assert.is(answerOf(setting.model, ask), expected, `${n}: ${ask.toString()}`);
    }
    setting.close();
  }
  for (const refusal of ['CID_REUSED', 'ALREADY_DELIVERED', 'NO_SUCH_MESSAGE', 'NAME_TAKEN'])
    assert.ok((answers.get(refusal) ?? 0) > 0, `${refusal} was never tried`);
  report('model and store', { asked, ...Object.fromEntries(answers) });
});

model('takes back what was not kept', () => {
  const setting = open();
  const random = randomFrom(seed);
  const posted: PostedMessage[] = [];
  const all: Ask = (store) => setting.people.map((id) => told(store, id));
  for (let round = 0; round < 50; round++) {
    for (let n = 0; n < 5; n++) answerOf(setting.model, anyAsk(random, setting, posted));
    setting.model.keep();
    const before = answerOf(setting.model, all);
    for (let n = 0; n < 20; n++) answerOf(setting.model, anyAsk(random, setting, posted));
    setting.model.takeBack();
    assert.is(answerOf(setting.model, all), before);
  }
  setting.close();
});

model.run();
