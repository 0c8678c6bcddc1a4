import { copyFileSync, cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { program, scratch } from './processes.ts';

export interface Unpacked {
  app: string;
  /** The program in it. */
  file: string;
  /** Of a person whose home is elsewhere, and empty. */
  env: NodeJS.ProcessEnv & { HOME: string };
}

/** Salon's own programs in a folder as somebody unpacks it. */
export async function unpacked(name = 'Salon'): Promise<Unpacked> {
  const top = await scratch();
  const app = join(top, name);
  const node = join(app, 'extensions', 'node');
  mkdirSync(node, { recursive: true });
  const built = fileURLToPath(new URL('../../build/', import.meta.url));
  copyFileSync(program('extension'), join(node, 'main.cjs'));
  cpSync(join(built, 'page'), join(node, 'page'), { recursive: true });
  const home = join(top, 'home');
  mkdirSync(home);
  const env = {
    HOME: home,
    XDG_DATA_HOME: join(home, 'share'),
    XDG_CONFIG_HOME: join(home, 'config'),
    SALON_DATA: '',
  };
  return { app, file: join(node, 'main.cjs'), env };
}
