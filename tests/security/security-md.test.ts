// SECURITY.md names the file of each defence and the test that tries to break it: both must be there.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const top = fileURLToPath(new URL('../..', import.meta.url));
const text = readFileSync(`${top}/SECURITY.md`, 'utf8');
const rows = text
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
  .map((line) => line.slice(2, -2).split(' | '))
  .slice(1);

const security = suite('SECURITY.md');

security('names for every threat a defence, where it is, and what tries it', () => {
  assert.ok(rows.length > 20);
  for (const [threat = '', defence = '', where = '', tried = ''] of rows) {
    assert.ok(defence.length > 20, threat);
    for (const cell of [where, tried]) {
      const files = [...cell.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file);
      assert.ok(files.length > 0, threat);
      for (const file of files) assert.ok(existsSync(`${top}/${file}`), `${threat}: ${file}`);
    }
    assert.ok(
      [...tried.matchAll(/`([^`]+)`/g)].every(([, file = '']) => file.endsWith('.test.ts')),
      threat,
    );
  }
});

security.run();
