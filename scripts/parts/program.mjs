import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './building.mjs';
import { ensureInstalled } from './installing.mjs';
import { endAll, ending, onSignals, start } from './processes.mjs';
import { messageOf, root, say } from './root.mjs';

/**
 * Installs and builds what is missing, then runs one of the programs in `build/node` with our flags in our place:
 * it has our input and output, is ended when we are, and its exit status is ours.
 *
 * @param {string} name
 */
export async function runProgram(name) {
  let stopping = false;
  onSignals(async () => {
    stopping = true;
    process.exit((await endAll()) ? 0 : 1);
  });
  try {
    await ensureInstalled();
    await ensureBuilt();
    const program = join(root, 'build', 'node', `${name}.cjs`);
    if (!existsSync(program)) throw new Error(`build/node/${name}.cjs is missing: run "npm run build"`);
    const status = await ending(
      start(process.execPath, [program, ...process.argv.slice(2)], { stdio: 'inherit' }),
    );
    if (!stopping) process.exit(status);
  } catch (error) {
    say(messageOf(error));
    process.exit(1);
  }
}
