import { execFileSync, spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { presentShell } from '../../../scripts/parts/shell-binary.mjs';
import { eventually } from '../../extensions/pages.ts';
import { scratch } from '../processes.ts';
import { isOnPath, startTool, type Screen } from '../webkit.ts';
import { processesWith } from './shell.ts';

/** The real Neutralino shell, in a window on a screen that nobody sees. */

export const realShell: string | null = presentShell() ?? null;

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

export class RealShell {
  readonly child: ChildProcess;
  readonly data: string;
  readonly #env: NodeJS.ProcessEnv;
  status: number | NodeJS.Signals | null = null;

  private constructor(child: ChildProcess, data: string, env: NodeJS.ProcessEnv) {
    this.child = child;
    this.data = data;
    this.#env = env;
    child.once('exit', (code, signal) => (this.status = code ?? signal));
  }

  /** @param program - `assemble` put it together. */
  static async start(
    program: string,
    screen: Screen,
    { data, opened = '' }: { data?: string; opened?: string } = {},
  ): Promise<RealShell> {
    const directory = data ?? (await scratch());
    const env = {
      ...process.env,
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

  /** The titles of all windows on its screen, by their number. */
  windows(): Map<string, string> {
    return new Map(
      [...this.#list().matchAll(/^(0x\w+)\s+\S+\s+\S+\s+(.*)$/gm)].map(([, id = '', title = '']) => [
        id,
        title,
      ]),
    );
  }

  /** Fails when a window goes while it is listed: then another look tells. */
  #list(): string {
    const { status, stdout } = spawnSync('wmctrl', ['-l'], { env: this.#env, encoding: 'utf8' });
    return status === 0 ? stdout : '';
  }

  async window(title: string): Promise<string> {
    return eventually(() => [...this.windows()].find(([, each]) => each === title)?.[0], 60_000);
  }

  /** Somebody presses the X of the window with this title. */
  async pressX(title: string): Promise<void> {
    execFileSync('wmctrl', ['-i', '-c', await this.window(title)], { env: this.#env });
  }

  /** The process that hosts, once there is one. */
  engine(): Promise<number> {
    return eventually(() => this.#with('--engine'), 60_000);
  }

  supervisor(): Promise<number> {
    return eventually(() => this.#with('main.cjs'), 60_000);
  }

  /** Nothing of it is there any more. @returns the shell's status. */
  async gone(): Promise<number | NodeJS.Signals> {
    await eventually(() => this.status !== null && processesWith(this.data).length === 0, 20_000);
    return this.status ?? 0;
  }

  #with(word: string): number | undefined {
    return processesWith(this.data).find((pid) => {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return words.at(-2)?.endsWith(word) === true;
    });
  }
}
