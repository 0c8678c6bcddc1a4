// npm run faults: the fault tests in their long form; `npm test` runs the short one.
// npm run faults -- kill proxy      only those whose path contains one of the words
// npm run faults -- --seed 7        another history
// npm run faults -- --share 0.1     a tenth of it, where there is less time
import { endAll, onSignals, run } from './parts/processes.mjs';
import { root } from './parts/root.mjs';

onSignals(async () => process.exit((await endAll()) ? 130 : 1));

const words = process.argv.slice(2);
process.env['SALON_FAULTS'] = 'long';
const FLAGS = { '--seed': 'SALON_SEED', '--share': 'SALON_SHARE' };
for (const [flag, name] of Object.entries(FLAGS)) {
  const at = words.indexOf(flag);
  const [, value] = at === -1 ? [] : words.splice(at, 2);
  if (value !== undefined) process.env[name] = value;
}
const wanted = words.length === 0 ? ['tests/faults/'] : words.map((word) => `faults/${word}`);
process.exitCode = await run(process.execPath, ['scripts/test.mjs', ...wanted], {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
});
