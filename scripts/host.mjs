// npm run host -- --json …: a host without a window. stdout is the host's own.
// (.npmrc keeps npm's own banner from standing before it.)
import { runProgram } from './parts/program.mjs';

await runProgram('host');
