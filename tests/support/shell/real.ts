import { execFileSync, spawnSync, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { eventually } from '../../extensions/pages.ts';
import { scratch } from '../processes.ts';
import { isOnPath, startTool, type Screen } from '../webkit.ts';
import { realShell } from './core.ts';
import { Shell, type ShellOptions } from './shell.ts';

/** The real Neutralino shell, in a window on a screen that nobody sees. */

/** What is missing here to try it, or null. */
export function missingForShell(): string | null {
  if (realShell === null) return 'its program, in SALON_NEU_BIN or bin/';
  const missing = ['Xvfb', 'openbox', 'wmctrl'].filter((name) => !isOnPath(name));
  return missing.length === 0 ? null : missing.join(', ');
}

/** Without one, a window has no X. */
export function openWindowManager({ display }: Screen): ChildProcess {
  return startTool('openbox', [], { ...process.env, DISPLAY: display }, 'ignore');
}

export class RealShell extends Shell {
  readonly #env: NodeJS.ProcessEnv;

  private constructor(child: ChildProcess, data: string, env: NodeJS.ProcessEnv) {
    super(child, data);
    this.#env = env;
  }

  /** @param program - `assemble` put it together. */
  static async start(
    program: string,
    screen: Screen,
    { data, opened = '', env: more = {} }: ShellOptions = {},
  ): Promise<RealShell> {
    const directory = data ?? (await scratch());
    const env = {
      ...process.env,
      ...more,
      DISPLAY: screen.display,
      GDK_BACKEND: 'x11',
      NO_AT_BRIDGE: '1',
      // Else GTK starts one of its own, which stays when all else has gone.
      DBUS_SESSION_BUS_ADDRESS: 'disabled:',
      SALON_DATA: directory,
      SALON_OPEN: opened,
      SALON_NO_MULTICAST: '1',
    };
    const args = ['--load-dir-res', `--path=${join(program, '..')}`];
    return new RealShell(startTool(program, args, env, 'ignore'), directory, env);
  }

  /** Its window with this title, by its number. Others may be on the screen. */
  window(title: string): Promise<string> {
    return eventually(() => {
      // Fails when a window goes while it is listed: then another look tells.
      const { stdout } = spawnSync('wmctrl', ['-l', '-p'], { env: this.#env, encoding: 'utf8' });
      const windows = [...stdout.matchAll(/^(0x\w+)\s+\S+\s+(\d+)\s+\S+\s+(.*)$/gm)];
      return windows.find(([, , pid, each]) => Number(pid) === this.child.pid && each === title)?.[1];
    }, 60_000);
  }

  /** Somebody presses the X of the window with this title. */
  async pressX(title: string): Promise<void> {
    execFileSync('wmctrl', ['-i', '-c', await this.window(title)], { env: this.#env });
  }
}
