import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  guest,
  letGuestsIn,
  message,
  named,
  NOON,
  openRoom,
  refused,
  signUp,
  snapshotOf,
} from './scratch.ts';

const people = suite('The people of a room');

people('are told again only when somebody came, left for good, or is called otherwise', () => {
  const { store, lobby, ada, grace, close } = openRoom();
  letGuestsIn(store, ada);
  let known: number | null = null;
  /** Whether they are told to somebody who was told before. */
  const again = (memberId = grace) => {
    const told = store.snapshotSince(memberId, known).people;
    if (told !== null) {
      assert.equal(told, snapshotOf(store, memberId).people);
      known = told.version;
    }
    return told !== null;
  };
  assert.ok(again());
  assert.not(again());
  store.post(message(ada, lobby, 'Hello'));
  store.post(message(ada, [grace], 'Psst'));
  store.sawMember(ada, 'nowhere', NOON + 1);
  assert.not(again());
  assert.not(again(ada));
  refused(() => store.rename(grace, named('ada'), NOON), 'NAME_TAKEN');
  assert.not(again());
  store.signUp(signUp('mary'));
  assert.ok(again());
  store.rename(grace, named('hopper'), NOON);
  assert.ok(again());
  const { member } = store.enterGuest(guest('Mamie', { now: NOON + 2 }));
  assert.ok(again());
  assert.not(again());
  store.endGuests([member.id], null, NOON + 3);
  assert.ok(again());
  assert.not(again());
  close();
});

people(
  'are for a guest those that a member knows, until there is something that is not theirs to know',
  () => {
    const { store, ada, grace, close } = openRoom();
    letGuestsIn(store, ada);
    const mamie = store.enterGuest(guest('Mamie', { now: NOON + 1 })).member.id;
    const known = snapshotOf(store, ada).people.version;
    assert.is(store.snapshotSince(mamie, known).people, null);
    store.rename(grace, named('hopper'), NOON + 2);
    const since = snapshotOf(store, ada).people.version;
    const told = store.snapshotSince(mamie, since).people;
    assert.is(told?.version, null);
    assert.equal(told?.formerNames, []);
    close();
  },
);

people.run();
