// npm run doctor -- [ADDRESS | CODE]: says what stands between this computer and a room.
import { runProgram } from './parts/program.mjs';

await runProgram('doctor');
