import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '../../extensions/pages.ts';
import { scratch } from '../processes.ts';
import { PageShell, type ShellOptions } from './shell.ts';

/** The stand-in for the shell, and what it can break. */

const STAND_IN = fileURLToPath(new URL('./stand-in.mjs', import.meta.url));

type Word = { url?: string; called?: string; data?: unknown; extension?: number };

export interface StandInOptions extends ShellOptions {
  faults?: string[];
}

export class StandIn extends PageShell {
  /** Calls to the window and the system, and what came with them. */
  readonly calls: { name: string; data: unknown }[] = [];
  /** The first process of the extension, which may have ended. */
  extension = 0;
  errors = '';

  private constructor(child: ChildProcess, data: string) {
    super(child, data);
    child.on('message', ({ url, called, data, extension }: Word) => {
      if (url !== undefined) this.url = url;
      if (called !== undefined) this.calls.push({ name: called, data });
      if (extension !== undefined) this.extension = extension;
    });
    child.stderr?.on('data', (data: Buffer) => (this.errors += data.toString()));
  }

  static async start(
    program: string,
    { data, opened, faults = [], env = {} }: StandInOptions = {},
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

  override pressX(): void {
    this.child.send({ emit: 'windowClose' });
  }

  /** Somebody drops files on the window, where the shell takes them. */
  dropFiles(paths: string[]): void {
    this.child.send({ emit: 'filesDropped', data: paths });
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
}
