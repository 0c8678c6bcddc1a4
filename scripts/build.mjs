// npm run build: the interface into build/page, the programs into build/node.
import { ensureBuilt } from './parts/building.mjs';
import { ensureInstalled } from './parts/installing.mjs';
import { endAll, onSignals } from './parts/processes.mjs';
import { messageOf, say } from './parts/root.mjs';

onSignals(async () => process.exit((await endAll()) ? 130 : 1));

try {
  await ensureInstalled();
  const built = await ensureBuilt();
  say(built ? 'Built build/page and build/node.' : 'Nothing has changed since the last build.');
} catch (error) {
  say(messageOf(error));
  process.exitCode = 1;
}
