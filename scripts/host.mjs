// npm run host -- --json …: a host without a window. stdout is the host's own.
// (npm prints two lines of its own first; `npm run --silent host` or `node scripts/host.mjs` does not.)
import { runProgram } from './parts/program.mjs';

await runProgram('host');
