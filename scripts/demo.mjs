// npm run demo: a room with people in it, to look at.
import { runProgram } from './parts/program.mjs';

await runProgram('demo');
