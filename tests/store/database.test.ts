import { cpSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Database, storableText, type Value } from '../../server/store/database.ts';
import { SalonError } from '../../server/protocol/errors.ts';
import { StorageError } from '../../server/store/failures.ts';
import { scratch } from './scratch.ts';

function open(folder = scratch()): Database {
  const db = new Database(join(folder, 'a.db'), { create: true });
  db.script('CREATE TABLE IF NOT EXISTS thing(id INTEGER PRIMARY KEY, v ANY UNIQUE) STRICT');
  return db;
}

/** What another process would find after a kill: the files as they are now. */
function afterKill(folder: string): Database {
  const copy = scratch();
  for (const name of ['a.db', 'a.db-wal']) cpSync(join(folder, name), join(copy, name));
  return new Database(join(copy, 'a.db'));
}

const engine = suite('The engine');

engine('runs with the only settings that keep what was acknowledged', () => {
  const db = open();
  const pragmas = [
    'locking_mode',
    'journal_mode',
    'synchronous',
    'foreign_keys',
    'secure_delete',
    'trusted_schema',
  ];
  assert.equal(
    pragmas.map((pragma) => db.pragma(pragma)),
    ['exclusive', 'wal', 2, 1, 1, 0],
  );
  db.close();
});

engine('a change that returns rows is on disk at once', () => {
  const folder = scratch();
  const db = open(folder);
  for (let id = 1; id <= 20; id += 1) {
    assert.equal(db.all('INSERT INTO thing(v) VALUES (?) RETURNING id', `v${id}`), [{ id }]);
    assert.equal(db.all('SELECT id FROM thing WHERE v = ?', `v${id}`), [{ id }]);
    assert.is(db.inTransaction, false);
  }
  const copy = afterKill(folder);
  assert.equal(copy.all('SELECT count(*) AS n FROM thing'), [{ n: 20 }]);
  copy.close();
  db.close();
});

const roundTrip = (db: Database, value: Value) => db.one<{ v: Value }>('SELECT ? AS v', value)?.v;
const refusesValue = (error: unknown) => error instanceof StorageError && error.unstorable;

engine('text comes back as it was, or is refused', () => {
  const db = open();
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 100 }),
    fc.string({ unit: 'grapheme', maxLength: 100 }),
    fc.string({
      unit: fc.constantFrom('\uFEFF', '\uD800', '\uDC00', '\uFFFE', 'a', '\0', '😀'),
      maxLength: 40,
    }),
  );
  fc.assert(
    fc.property(text, (written) => {
      const storable = storableText(written);
      assert.is(roundTrip(db, storable), storable);
      if (storable !== written) assert.throws(() => roundTrip(db, written), refusesValue);
    }),
    { numRuns: 2_000 },
  );
  // Only these are changed.
  fc.assert(
    fc.property(text, (written) => {
      if (written.isWellFormed() && !written.includes('\0') && !written.startsWith('\uFEFF')) {
        assert.is(storableText(written), written);
      }
    }),
  );
  db.close();
});

engine('whole numbers and bytes come back as they were, other numbers are refused', () => {
  const db = open();
  fc.assert(fc.property(fc.maxSafeInteger(), (n) => assert.is(roundTrip(db, n), n)));
  fc.assert(fc.property(fc.uint8Array(), (bytes) => assert.equal(roundTrip(db, bytes), bytes)));
  for (const n of [2 ** 53, -(2 ** 53), 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => roundTrip(db, n), refusesValue);
  }
  db.close();
});

engine('a statement that failed works again', () => {
  const db = open();
  const insert = 'INSERT INTO thing(v) VALUES (?) RETURNING id';
  db.all(insert, 'one');
  for (let i = 0; i < 3; i += 1) {
    assert.throws(
      () => db.all(insert, 'one'),
      (error: unknown) => error instanceof StorageError,
    );
    assert.is(db.all(insert, `other ${i}`).length, 1);
  }
  assert.throws(() => db.all('SELECT nonsense'), /no such column/);
  db.close();
});

engine('a forgotten parameter and an endless supply of statements are bugs', () => {
  const db = open();
  assert.throws(() => db.all('SELECT ? + ?', 1), /number of parameters/);
  const build = () => {
    for (let i = 0; i < 500; i += 1) db.all(`SELECT ${i}`);
  };
  assert.throws(build, /too many different statements/);
  db.close();
});

engine('transactions and steps are whole or nothing', () => {
  const folder = scratch();
  const db = open(folder);
  const add = (v: string) => db.all('INSERT INTO thing(v) VALUES (?)', v);
  const fail = () => {
    throw new Error('changed my mind');
  };
  assert.throws(() => db.transaction(() => [add('never'), fail()]), /changed my mind/);
  db.atomic(() => {
    add('kept');
    assert.throws(() => db.atomic(() => [add('dropped'), fail()]), /changed my mind/);
    assert.throws(() => db.savepoint(() => [add('dropped too'), add('kept')]), /UNIQUE/);
    db.savepoint(() => add('kept too'));
  });
  const copy = afterKill(folder);
  assert.equal(copy.all('SELECT v FROM thing ORDER BY id'), [{ v: 'kept' }, { v: 'kept too' }]);
  copy.close();
  db.close();
});

engine('work that refuses first leaves nothing half done, whatever goes wrong after it', () => {
  const db = open();
  const add = (v: string) => db.all('INSERT INTO thing(v) VALUES (?)', v);
  const failing = (error: Error) => () =>
    db.refusingFirst(() => {
      if (error instanceof SalonError) throw error;
      add('half');
      throw error;
    });
  db.begin();
  add('whole');
  assert.throws(failing(new SalonError('CID_REUSED')));
  db.commit();
  db.begin();
  add('lost with it');
  assert.throws(failing(new TypeError('a bug')), /a bug/);
  assert.not(db.inTransaction);
  assert.equal(db.all('SELECT v FROM thing'), [{ v: 'whole' }]);
  db.close();
  assert.not(db.inTransaction, 'also when it is closed');
});

engine('only its own words for a damaged file mean one', () => {
  const damaged = ['file is not a database', 'database disk image is malformed'];
  for (const message of damaged) assert.ok(new StorageError(message).fatal);
  const db = open();
  try {
    db.all(`SELECT json_extract('{', '$.a')`);
    assert.unreachable();
  } catch (error) {
    assert.ok(error instanceof StorageError && /malformed/.test(error.message) && !error.fatal);
  }
  db.close();
});

engine.run();
