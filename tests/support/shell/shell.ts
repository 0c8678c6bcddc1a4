import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { assembleApp } from '../../../scripts/parts/app-folder.mjs';
import { eventually } from '../../extensions/pages.ts';
import { isRunning, scratch } from '../processes.ts';

/** A shell that runs, in a folder that no shell's command should be surprised by, and what it started. */

/** @returns the program in the shell's place. */
export async function assemble(shell = process.execPath): Promise<string> {
  return assembleApp(shell, join(await scratch(), "l'été à 5 $HOME & (co)"));
}

export interface ShellOptions {
  data?: string;
  opened?: string;
  env?: NodeJS.ProcessEnv;
}

export abstract class Shell {
  readonly child: ChildProcess;
  readonly data: string;
  status: number | NodeJS.Signals | null = null;

  constructor(child: ChildProcess, data: string) {
    this.child = child;
    this.data = data;
    child.once('exit', (code, signal) => (this.status = code ?? signal));
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));
  }

  /** The first process of the extension, once there is one. */
  supervisor(): Promise<number> {
    return eventually(() => this.#started('main.cjs'), 60_000);
  }

  /** The process that hosts, if there is one just now. */
  engineNow(): number | undefined {
    return this.#started('--engine');
  }

  /** The process that hosts, once there is one. */
  engine(): Promise<number> {
    return eventually(() => this.engineNow(), 60_000);
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

  /** @param lastWord - of its command. */
  #started(lastWord: string): number | undefined {
    return processesWith(this.data).find((pid) => wordsOf(pid).at(-1)?.endsWith(lastWord) === true);
  }
}

/** A shell whose page a browser can open. */
export abstract class PageShell extends Shell {
  /** Of the page. */
  url = '';

  /** Its page is open. */
  meet(_page: Page): Promise<void> {
    return Promise.resolve();
  }

  /** Somebody presses the window's X. */
  abstract pressX(): void;
}

/** All processes that were started for this data folder: their environment says so. */
export function processesWith(data: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isRunning(pid) && partsOf(pid, 'environ').includes(`SALON_DATA=${data}`));
}

function wordsOf(pid: number): string[] {
  return partsOf(pid, 'cmdline').slice(0, -1);
}

/** None when it has ended, or is not ours to look at. */
function partsOf(pid: number, file: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
