import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assembleApp } from '../../../scripts/parts/app-folder.mjs';
import { eventually } from '../../extensions/pages.ts';
import { childrenOf, isRunning, scratch } from '../processes.ts';

/** The stand-in for the shell, in a folder that no shell's command should be surprised by, and what it started. */

const STAND_IN = fileURLToPath(new URL('./stand-in.mjs', import.meta.url));

/** @returns the program in the shell's place. */
export async function assemble(shell = process.execPath): Promise<string> {
  return assembleApp(shell, join(await scratch(), "l'été à 5 $HOME & (co)"));
}

export interface ShellOptions {
  data?: string;
  opened?: string;
  faults?: string[];
  env?: NodeJS.ProcessEnv;
}

type Word = { url?: string; called?: string; data?: unknown; extension?: number };

export class StandIn {
  readonly child: ChildProcess;
  readonly data: string;
  /** Of the page. */
  url = '';
  /** Calls to the window and the system, and what came with them. */
  readonly calls: { name: string; data: unknown }[] = [];
  /** The first process of the extension, which is its supervisor. */
  extension = 0;
  errors = '';
  status: number | NodeJS.Signals | null = null;

  private constructor(child: ChildProcess, data: string) {
    this.child = child;
    this.data = data;
    child.on('message', ({ url, called, data, extension }: Word) => {
      if (url !== undefined) this.url = url;
      if (called !== undefined) this.calls.push({ name: called, data });
      if (extension !== undefined) this.extension = extension;
    });
    child.stderr?.on('data', (data: Buffer) => (this.errors += data.toString()));
    child.once('exit', (code, signal) => (this.status = code ?? signal));
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));
  }

  static async start(
    program: string,
    { data, opened, faults = [], env = {} }: ShellOptions = {},
  ): Promise<StandIn> {
    const directory = data ?? (await scratch());
    const child = spawn(program, [STAND_IN, `--path=${join(program, '..')}`, ...faults], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        ...process.env,
        ...env,
        SALON_DATA: directory,
        SALON_NO_MULTICAST: '1',
        ...(opened === undefined ? {} : { SALON_OPEN: opened }),
      },
    });
    const shell = new StandIn(child, directory);
    await eventually(() => shell.url !== '');
    return shell;
  }

  /** Somebody presses the window's X. */
  pressX(): void {
    this.child.send({ emit: 'windowClose' });
  }

  /** Somebody chooses from the tray's menu. */
  choose(id: string): void {
    this.child.send({ emit: 'trayMenuItemClicked', data: { id } });
  }

  /** The names of the calls, in order. */
  get called(): string[] {
    return this.calls.map(({ name }) => name);
  }

  /** What came with the last call of this name. */
  last(name: string): unknown {
    return this.calls.findLast((each) => each.name === name)?.data;
  }

  /** A dialog is open for so long: the bridge says nothing. */
  silence(ms: number): void {
    this.child.send({ silenceMs: ms });
  }

  /** The extension's line breaks. */
  drop(): void {
    this.child.send({ drop: true });
  }

  /** The process that hosts, if there is one just now. */
  engineNow(): number | undefined {
    return childrenOf(this.extension)[0];
  }

  /** The process that hosts, once there is one. */
  async engine(): Promise<number> {
    await eventually(() => this.extension !== 0);
    return eventually(() => this.engineNow());
  }

  /** Nothing of it is there any more. @returns the shell's status. */
  async gone(): Promise<number | NodeJS.Signals> {
    await eventually(() => this.status !== null && processesWith(this.data).length === 0);
    return this.status ?? 0;
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.child.kill(signal);
    await this.gone();
  }
}

/** All processes that were started for this data folder: their environment says so. */
export function processesWith(data: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return (
          isRunning(pid) &&
          readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`SALON_DATA=${data}`)
        );
      } catch {
        return false;
      }
    });
}
