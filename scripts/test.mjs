// npm test: installs and builds what is missing, then runs the tests.
// npm test -- store names    only the files whose path contains one of the words
import { join } from 'node:path';
import { ensureBuilt } from './parts/building.mjs';
import { ensureChromium, howToInstallChromium } from './parts/chromium.mjs';
import { ensureInstalled } from './parts/installing.mjs';
import { ensureNetworkTools } from './parts/network-tools.mjs';
import { endAll, ending, onSignals, start } from './parts/processes.mjs';
import { messageOf, root, say } from './parts/root.mjs';
import { ensureWebKit } from './parts/webkit.mjs';

onSignals(async () => {
  await endAll();
  process.exit(1);
});

try {
  await ensureInstalled();
  const chromium = await ensureChromium();
  if (!chromium) throw new Error(howToInstallChromium);
  await ensureNetworkTools();
  await ensureWebKit();
  await ensureBuilt();
  const runner = start(process.execPath, [join('tests', 'support', 'run.mjs'), ...process.argv.slice(2)], {
    cwd: root,
    env: { ...process.env, SALON_CHROMIUM: chromium },
    stdio: 'inherit',
  });
  process.exitCode = await ending(runner);
} catch (error) {
  say(messageOf(error));
  process.exitCode = 1;
}
