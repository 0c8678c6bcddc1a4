import { spawnSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const runner = suite('The test runner');

/** Runs fixtures with the real runner, each once: some of them take their time. */
function run(...words: string[]) {
  const key = words.join(' ');
  const result = results.get(key) ?? runNow(...words);
  results.set(key, result);
  return result;
}

const results = new Map<string, ReturnType<typeof runNow>>();

function runNow(...words: string[]) {
  const { stdout, status } = spawnSync(process.execPath, ['tests/support/run.mjs', ...words], {
    encoding: 'utf8',
  });
  return { stdout, status, lastLine: stdout.trimEnd().split('\n').at(-1) };
}

/** A killed process that nobody has buried yet still has its number, and on Linux a Z for its state. */
function isRunning(pid: number) {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return /^[^Z]/.test(stdout.trim());
}

const fixture = (name: string) => `tests/support/fixtures/${name}.fixture.ts`;

runner('counts what passes and what is skipped', () => {
  const { status, lastLine } = run(fixture('passes'));
  assert.is(lastLine, '2 passed, 0 failed, 1 skipped');
  assert.is(status, 0);
});

runner('does not wait for what a passed test leaves open', () => {
  const { status, lastLine } = run(fixture('leaves-a-server-open'));
  assert.is(lastLine, '1 passed, 0 failed');
  assert.is(status, 0);
});

runner('adds up several files, and one failure fails them all', () => {
  const { status, lastLine } = run(fixture('passes'), fixture('fails'));
  assert.is(lastLine, '3 passed, 1 failed, 1 skipped');
  assert.is(status, 1);
});

runner('fails when no file matches', () => {
  const { status, lastLine } = run('no-file-of-this-name');
  assert.is(lastLine, '0 passed, 1 failed');
  assert.is(status, 1);
});

runner('kills what a test that takes too long has started', () => {
  const { stdout } = run(fixture('takes-too-long'));
  const left = Number(/left behind: (\d+)/.exec(stdout)?.[1]);
  assert.ok(left > 0);
  assert.not(isRunning(left));
});

// Each of these exits with status 0, or never, under uvu's own command.
const falseGreens: [does: string, name: string, lastLine: string, says: RegExp][] = [
  ['a failing test', 'fails', '1 passed, 1 failed', /finds another sum/],
  [
    'a before hook that throws',
    'before-throws',
    '0 passed, 2 failed',
    /its before hook threw\s+Error: no floor/,
  ],
  [
    'an after.each hook that throws',
    'after-each-throws',
    '0 passed, 2 failed',
    /its after.each hook threw\s+Error: no broom/,
  ],
  ['an after hook that throws', 'after-throws', '0 passed, 1 failed', /its after hook threw\s+Error: no key/],
  ['a thrown string', 'throws-a-string', '0 passed, 1 failed', /threw 'no table'/],
  ['a forgotten .run()', 'never-run', '0 passed, 1 failed', /A room: 1 of its tests never ran/],
  [
    'a forgotten .run() beside another suite',
    'one-never-run',
    '1 passed, 2 failed',
    /A garden: 2 of its tests never ran/,
  ],
  ['.only left in', 'only-left-in', '1 passed, 1 failed, 1 skipped', /\.only is left in/],
  ['a promise that never settles', 'never-settles', '0 passed, 1 failed', /ended before its tests did/],
  ['a test that takes too long', 'takes-too-long', '0 passed, 1 failed', /did not end within 2 seconds/],
  ['a test that blocks', 'blocks', '0 passed, 1 failed', /did not end within 2 seconds/],
  ['an uncaught error', 'throws-uncaught', '0 passed, 1 failed', /the table fell over/],
  ['an unhandled rejection', 'rejects-unhandled', '0 passed, 1 failed', /the table was refused/],
  [
    'an error while the file is imported',
    'cannot-be-imported',
    '0 passed, 1 failed',
    /the file itself is broken/,
  ],
  [
    'process.exit(0) in a test',
    'exits-with-0',
    '0 passed, 1 failed',
    /ended before its tests did \(status 0\)/,
  ],
  ['a crash after a suite that passed', 'is-killed', '1 passed, 1 failed', /status 137/],
  ['a file without a test', 'has-no-test', '0 passed, 1 failed', /there is no test in this file/],
];

for (const [does, name, expected, says] of falseGreens) {
  runner(`is not content with ${does}`, () => {
    const { stdout, status, lastLine } = run(fixture(name));
    assert.is(lastLine, expected);
    assert.is(status, 1);
    assert.match(stdout, fixture(name));
    assert.match(stdout, says);
  });
}

runner.run();
