import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import {
  CONTROL_PREFIX,
  CONTROL_SUBPROTOCOL,
  CONTROL_TOKEN_PREFIX,
  type ControlFrame,
  type ControlInput,
  type ControlName,
  type ControlResult,
  type Target,
} from '../../server/protocol/control.ts';
import { childrenOf, program, scratch, start, type Running } from '../support/processes.ts';

/** Extensions as they run, and pages at their door. */

export interface Started extends Running {
  url: URL;
  token: string;
  namespace: string | undefined;
}

export interface StartOptions {
  /** Another file than the one that was built. */
  file?: string;
  /** Where the data is; null leaves that to the extension. */
  directory?: string | null;
  args?: string[];
  env?: NodeJS.ProcessEnv;
  /** Of the computer that it runs on; by default this one, where it leaves the network alone. */
  namespace?: string;
}

export async function startExtension({
  file = program('extension'),
  directory,
  args = [],
  env = {},
  namespace,
}: StartOptions = {}): Promise<Started> {
  const quiet = namespace === undefined ? { SALON_NO_MULTICAST: '1' } : {};
  const data = directory === null ? [] : ['--data', directory ?? (await scratch())];
  const started = start(file, ['--browser', ...data, ...args], { ...quiet, ...env }, namespace);
  const running = { ...started, stop: (signal?: NodeJS.Signals) => stopAll(started, signal) };
  const url = new URL((JSON.parse(await running.first) as { url: string }).url);
  return { ...running, url, token: new URLSearchParams(url.hash.slice(1)).get('app') ?? '', namespace };
}

/** Killed, all of it is gone at once, as when the power goes: nobody is left to end well. */
function stopAll(started: Running, signal?: NodeJS.Signals): Promise<number | null> {
  const engines = signal === 'SIGKILL' ? childrenOf(started.child.pid ?? 0) : [];
  const stopped = started.stop(signal);
  for (const engine of engines) {
    try {
      process.kill(engine, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
  return stopped;
}

/** A page at the loopback door. */
export class Page {
  readonly heard: string[] = [];
  closedWith: number | null = null;
  /** Told what is not the extension's own. */
  onFrame: (text: string) => void = () => undefined;
  send: (text: string) => void = () => undefined;
  close: () => void = () => undefined;
  #lastId = 0;

  static async open({ url, token, namespace }: Started): Promise<Page> {
    const page = new Page();
    const protocols = [CONTROL_SUBPROTOCOL, CONTROL_TOKEN_PREFIX + token];
    await (namespace === undefined ? page.#here(url, protocols) : page.#there(url, protocols, namespace));
    return page;
  }

  async ask<C extends ControlName>(command: C, input: ControlInput<C>): Promise<ControlResult<C>> {
    const id = (this.#lastId += 1);
    this.send(JSON.stringify({ t: 'app.ask', id, command, input }));
    const frame = await this.until((each) => 'id' in each && each.id === id);
    if (frame.t === 'app.refused') throw new Error(`${frame.code} ${frame.detail}`);
    return (frame as { result: ControlResult<C> }).result;
  }

  /** Waits for the end of the search: in the room, or why not. */
  async connect(relay: number, target: Partial<Target>, ms?: number) {
    const whole = { fingerprint: null, prefix: '', addresses: [], spoken: null, ...target };
    await this.ask('room.connect', { relay, target: whole });
    const isAnswer = (frame: ControlFrame) => frame.t === 'app.relay' && frame.relay === relay;
    return (await this.until(isAnswer, ms)) as Extract<ControlFrame, { t: 'app.relay' }>;
  }

  until(which: (frame: ControlFrame) => boolean, ms?: number): Promise<ControlFrame> {
    return eventually(() => this.heard.map((text) => JSON.parse(text) as ControlFrame).findLast(which), ms);
  }

  #hear(text: string): void {
    this.heard.push(text);
    if (!text.startsWith(CONTROL_PREFIX)) this.onFrame(text);
  }

  async #here(url: URL, protocols: string[]): Promise<void> {
    const socket = knock(url, protocols, url.origin);
    socket.on('message', (data: Buffer) => this.#hear(data.toString()));
    socket.on('close', (code) => (this.closedWith = code));
    this.send = (text) => socket.send(text);
    this.close = () => socket.close();
    await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
  }

  async #there(url: URL, protocols: string[], namespace: string): Promise<void> {
    const driver = fileURLToPath(new URL('./page-driver.mjs', import.meta.url));
    const args = ['netns', 'exec', namespace, process.execPath, driver, url.href, ...protocols];
    const child = spawn('ip', args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    child.on('close', () => process.off('exit', kill));
    this.send = (text) => child.stdin.write(`${text}\n`);
    this.close = () => child.stdin.end();
    await new Promise<void>((resolve, reject) => {
      child.once('close', () => reject(new Error('no door')));
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line === 'open') resolve();
        else this.#hear(line);
      });
    });
  }
}

export function knock(url: URL, protocols: string[], origin: string | undefined, host?: string): WebSocket {
  return new WebSocket(`ws://${url.host}/`, protocols, {
    ...(origin === undefined ? {} : { origin }),
    ...(host === undefined ? {} : { headers: { Host: host } }),
  });
}

export async function eventually<T>(
  find: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  ms = 30_000,
): Promise<T> {
  for (const until = Date.now() + ms; Date.now() < until;) {
    const found = await find();
    if (found !== undefined && found !== null && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('waited in vain');
}

export async function failure(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'nothing failed',
    (error: Error) => error.message,
  );
}
