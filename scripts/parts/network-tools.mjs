import { spawnSync } from 'node:child_process';
import { installPackages, isRootOnDebian } from './debian.mjs';
import { say } from './root.mjs';

const packages = { ip: 'iproute2', nft: 'nftables', faketime: 'faketime' };

/**
 * What the tests with several computers make networks and firewalls with, and those with wrong clocks set them with.
 * Without it they are skipped, and say so.
 */
export async function ensureNetworkTools() {
  const missing = Object.entries(packages).flatMap(([tool, name]) =>
    spawnSync(tool, ['-V'], { stdio: 'ignore' }).error === undefined ? [] : [name],
  );
  if (missing.length === 0 || !isRootOnDebian()) return;
  say(`Installing ${missing.join(', ')} for the tests …`);
  await installPackages(...missing);
}
