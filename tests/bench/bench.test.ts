// time limit: 120 s
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { start } from '../support/processes.ts';

interface Found {
  name: string;
  quick: boolean;
  node: string;
  rows: Record<string, string>[];
  figures: Record<string, { acknowledged: number; delivered: number; cpuPerMessage: number }>;
}

/** Benchmarks rot when nobody runs them. */
const benches = suite('Benchmarks');

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));

benches('the smallest of one runs, and leaves what it promises', async () => {
  const env = { NODE_OPTIONS: '--import tsx' };
  const bench = start(here('private.ts'), ['--smallest'], env);
  assert.match(await bench.first, /^\| private messages\/s, 10 pairs/);
  assert.is((await bench.ended).code, 0, bench.errors());
  const found = JSON.parse(readFileSync(here('../../build/bench/private.quick.json'), 'utf8')) as Found;
  assert.equal(
    { name: found.name, quick: found.quick, node: found.node, rows: found.rows.length },
    { name: 'private', quick: true, node: process.version, rows: 2 },
  );
  for (const row of found.rows) assert.equal(Object.keys(row), ['what', 'measured', 'reference', 'target']);
  for (const subject of ['salon', 'ws']) {
    const { acknowledged = 0, delivered = 0, cpuPerMessage = 0 } = found.figures[subject] ?? {};
    assert.ok(acknowledged > 0 && delivered > 0 && cpuPerMessage > 0, JSON.stringify(found.figures));
  }
});

benches.run();
