// npm run bench: measures, and writes the table in docs/BENCHMARKS.md anew. Takes most of an hour.
// npm run bench -- --quick            a few rounds of less, in minutes, and the document stays as it is
// npm run bench -- fan-out durable    only these
// npm run bench -- --table            only writes the table, of what was measured before
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type as system } from 'node:os';
import { basename, join } from 'node:path';
import { ensureBuilt } from './parts/building.mjs';
import { ensureInstalled } from './parts/installing.mjs';
import { endAll, onSignals, run } from './parts/processes.mjs';
import { messageOf, root, say } from './parts/root.mjs';

/** One benchmark's JSON. @typedef {{ rows: Record<'what' | 'measured' | 'reference' | 'target', string>[] }} Found */

/** In this order; what is not named here comes after. */
const hosts = [
  'fan-out',
  'durable',
  'private',
  'joins',
  'arrivals',
  'memory',
  'big-room',
  'idle-conversations',
];
const folder = join('tests', 'bench');
/** What only helps the others has no line like this one. */
const isBenchmark = (/** @type {string} */ file) =>
  readFileSync(join(root, folder, file), 'utf8').includes(`node --import tsx tests/bench/${file}`);

onSignals(async () => process.exit((await endAll()) ? 130 : 1));

try {
  await ensureInstalled();
  await ensureBuilt();
  const flags = process.argv.slice(2).filter((word) => word.startsWith('--'));
  const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
  const all = readdirSync(join(root, folder)).filter((file) => file.endsWith('.ts') && isBenchmark(file));
  const names = [...new Set([...hosts, ...all.map((file) => basename(file, '.ts')).toSorted()])];
  const chosen = names.filter((name) => words.length === 0 || words.includes(name));
  if (chosen.length === 0)
    throw new Error(`There is no benchmark ${words.join(' ')}. There are: ${names.join(', ')}.`);
  const isTableOnly = flags.includes('--table');
  const failed = [];
  for (const name of isTableOnly ? [] : chosen) {
    say(`– ${name}`);
    const args = ['--import', 'tsx', join(folder, `${name}.ts`), ...flags];
    const code = await run(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    if (code !== 0) failed.push(name);
  }
  if (flags.length === 0 || isTableOnly) document(names);
  if (failed.length > 0) throw new Error(`Not measured: ${failed.join(', ')}.`);
} catch (error) {
  say(messageOf(error));
  process.exitCode = 1;
}

/**
 * Puts what was found last between the two marks of docs/BENCHMARKS.md.
 * @param {readonly string[]} names
 */
function document(names) {
  const path = join(root, 'docs', 'BENCHMARKS.md');
  const rows = names.flatMap((name) => {
    const [whole, quick] = ['', '.quick'].map((form) => join(root, 'build', 'bench', `${name}${form}.json`));
    const json = [whole, quick].find((path) => path !== undefined && existsSync(path));
    if (json === undefined) return [];
    const found = /** @type {Found} */ (JSON.parse(readFileSync(json, 'utf8')));
    const form = json === quick ? ' (quick form)' : '';
    return found.rows.map(({ what, measured, reference, target }) => [
      what + form,
      measured,
      reference,
      target,
    ]);
  });
  const table = [
    ['what', 'measured', 'reference of the same run', 'target'],
    ['---', '---', '---', '---'],
    ...rows,
  ];
  const memory = Math.round(totalmem() / 1024 ** 3);
  const machine = `${cpus().length} cores, ${memory} GiB of memory, ${system()} ${release().split('-')[0]}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}.`;
  const text = `${machine}\n\n${table.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}`;
  const before = readFileSync(path, 'utf8');
  writeFileSync(path, before.replace(/(<!-- measured -->)[^]*(<!-- end -->)/, `$1\n\n${text}\n\n$2`));
  say('Wrote the table of docs/BENCHMARKS.md.');
}
