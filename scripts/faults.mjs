// npm run faults: the fault tests in their long form; `npm test` runs the short one.
// npm run faults -- kill proxy      only those whose path contains one of the words
// npm run faults -- --seed 7        another history
import { endAll, onSignals, run } from './parts/processes.mjs';
import { root } from './parts/root.mjs';

onSignals(async () => process.exit((await endAll()) ? 130 : 1));

const words = process.argv.slice(2);
const at = words.indexOf('--seed');
const [, seed] = at === -1 ? [] : words.splice(at, 2);
process.env['SALON_FAULTS'] = 'long';
if (seed !== undefined) process.env['SALON_SEED'] = seed;
const wanted = words.length === 0 ? ['tests/faults/'] : words.map((word) => `faults/${word}`);
process.exitCode = await run(process.execPath, ['scripts/test.mjs', ...wanted], {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
});
