import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder when none is named: where each system keeps a person's own data. */
export function defaultDirectory(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const home = homedir();
  if (platform === 'win32') return join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Salon');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Salon');
  return join(env['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'salon');
}
