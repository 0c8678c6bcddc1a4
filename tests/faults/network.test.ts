// time limit: 300 s
// long time limit: 1600 s
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Network, noNamespaces } from '../support/namespaces.ts';

const bad = suite('Over a network that loses packets, or swallows them all');

bad('everything arrives once, and dead connections are noticed', async () => {
  const missing = noNamespaces();
  if (missing !== null) return console.log(`▸ bad network: skipped, ${missing}`);
  const network = Network.make('10.66.0.1', '10.66.0.2');
  const [host, own] = network.computers;
  const script = fileURLToPath(new URL('./bad-network.ts', import.meta.url));
  const parties = [host, own].flatMap((each) => [each?.name ?? '', each?.address ?? '']);
  const args = ['netns', 'exec', own?.name ?? '', process.execPath, '--import', 'tsx', script, ...parties];
  const child = spawn('ip', args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  process.off('exit', kill);
  network.close();
  assert.is(status, 0, 'see what it printed');
});

bad.run();
