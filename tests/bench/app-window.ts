import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';
import { realShell } from '../support/shell/core.ts';
import { missingForShell, openWindowManager, RealShell } from '../support/shell/real.ts';
import { assemble } from '../support/shell/shell.ts';
import { Screen } from '../support/webkit.ts';
import { sleep } from './measure.ts';

/** The app in its real window: how long it takes to a page to type into, and what memory each part has. */

export const missingForWindow = missingForShell;

export interface InWindow {
  /** From the start of the shell to a page to type into, in milliseconds. */
  readyMs: number;
  /** At rest, in MiB. */
  shellMiB: number;
  webkitMiB: number;
  extensionMiB: number;
}

/**
 * Nobody can look into that window from outside, so the page calls when a box to write in is drawn: by one script more,
 * added to a copy of the page.
 *
 * @param port - on which it is waited for.
 */
const calling = (port: number) => `
const all = (root) => [...root.querySelectorAll('*')].flatMap((each) => [each, ...(each.shadowRoot ? all(each.shadowRoot) : [])]);
const look = () => {
  const box = all(document).find((each) => each.localName === 'input' && each.checkVisibility() && !each.disabled);
  if (box === undefined) requestAnimationFrame(look);
  else new WebSocket('ws://127.0.0.1:${port}/');
};
requestAnimationFrame(look);
`;

export class WindowBench {
  readonly #screen: Screen;
  readonly #program: string;
  readonly #calls: WebSocketServer;

  private constructor(screen: Screen, program: string, calls: WebSocketServer) {
    this.#screen = screen;
    this.#program = program;
    this.#calls = calls;
  }

  static async open(): Promise<WindowBench> {
    const calls = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await new Promise((resolve) => calls.once('listening', resolve));
    const [screen, program] = await Promise.all([Screen.open(), assemble(realShell ?? '')]);
    openWindowManager(screen);
    const page = join(program, '..', 'build', 'page');
    writeFileSync(join(page, 'calling.js'), calling((calls.address() as AddressInfo).port));
    const index = join(page, 'index.html');
    const html = readFileSync(index, 'utf8');
    writeFileSync(index, html.replace('</head>', '<script type="module" src="calling.js"></script></head>'));
    return new WindowBench(screen, program, calls);
  }

  async measure(restMs: number): Promise<InWindow> {
    const called = new Promise<void>((resolve) => this.#calls.once('connection', () => resolve()));
    const began = performance.now();
    const shell = await RealShell.start(this.#program, this.#screen);
    await called;
    const readyMs = performance.now() - began;
    await sleep(restMs);
    const supervisor = await shell.supervisor();
    const pid = shell.child.pid ?? 0;
    const [shellMiB, extensionMiB] = [ownMemory(pid), memoryOf(supervisor)];
    const webkitMiB = memoryOf(pid) - shellMiB - extensionMiB;
    await shell.kill();
    return { readyMs, shellMiB, webkitMiB, extensionMiB };
  }

  close(): void {
    this.#screen.close();
    this.#calls.close();
  }
}

const KIB_IN_MIB = 1024;

export function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && statusOf(pid, 'status', /^PPid:\s+(\d+)/m) === parent);
}

/** Of a process and all that it started, in MiB. */
export function memoryOf(pid: number): number {
  return childrenOf(pid).reduce((sum, child) => sum + memoryOf(child), ownMemory(pid));
}

function ownMemory(pid: number): number {
  return statusOf(pid, 'smaps_rollup', /^Pss:\s+(\d+)/m) / KIB_IN_MIB;
}

/** A number out of one of the files about a process; 0 when it has ended. */
function statusOf(pid: number, file: string, pattern: RegExp): number {
  try {
    return Number(pattern.exec(readFileSync(`/proc/${pid}/${file}`, 'latin1'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
