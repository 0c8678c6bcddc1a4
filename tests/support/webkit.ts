import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../../server/host.ts';
import { eventually } from '../extensions/pages.ts';

/** WebKitGTK, the engine of the window on Linux, on a screen of its own that nobody sees. */

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** What is missing here, or null. */
export function missingForWebKit(): string | null {
  const missing = ['WebKitWebDriver', 'Xvfb'].filter((name) => !isOnPath(name));
  return missing.length === 0 ? null : missing.join(' and ');
}

export function isOnPath(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));
}

/** A screen without a monitor. */
export class Screen {
  readonly display: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, display: string) {
    this.#child = child;
    this.display = display;
  }

  static async open(): Promise<Screen> {
    const args = ['-displayfd', '3', '-screen', '0', '1280x860x24', '-nolisten', 'tcp'];
    const child = startTool('Xvfb', args, process.env, ['ignore', 'ignore', 'ignore', 'pipe']);
    const numbers = child.stdio[3];
    if (numbers === null || numbers === undefined || !('read' in numbers)) throw new Error('no screen');
    const number = await new Promise<string>((resolve, reject) => {
      createInterface({ input: numbers }).once('line', resolve);
      child.once('exit', () => reject(new Error('Xvfb did not start')));
    });
    return new Screen(child, `:${number}`);
  }

  close(): void {
    this.#child.kill();
  }
}

/** One browser window, driven by W3C WebDriver. */
export class WebKit {
  readonly #driver: ChildProcess;
  readonly #base: string;

  private constructor(driver: ChildProcess, base: string) {
    this.#driver = driver;
    this.#base = base;
  }

  static async open(screen: Screen): Promise<WebKit> {
    const port = await freePort(20_000);
    const env = { ...process.env, DISPLAY: screen.display, GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1' };
    const driver = startTool('WebKitWebDriver', [`--port=${port}`], env, 'ignore');
    const base = `http://127.0.0.1:${port}`;
    await eventually(() =>
      fetch(`${base}/status`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    const { sessionId } = await command<{ sessionId: string }>(`${base}/session`, { capabilities: {} });
    return new WebKit(driver, `${base}/session/${sessionId}`);
  }

  async goto(url: string): Promise<void> {
    await command(`${this.#base}/url`, { url });
  }

  async reload(): Promise<void> {
    await command(`${this.#base}/refresh`, {});
  }

  /** The value of an expression in the page. */
  evaluate<T>(expression: string): Promise<T> {
    return command<T>(`${this.#base}/execute/sync`, { script: `return (${expression})`, args: [] });
  }

  /** Waits for an expression to be true. */
  async until(expression: string, ms = 60_000): Promise<void> {
    await eventually(() => this.evaluate<boolean>(`Boolean(${expression})`), ms);
  }

  /** Presses what a person would press: the element that an expression finds. */
  async press(expression: string): Promise<void> {
    await command(`${await this.#find(expression)}/click`, {});
  }

  async type(expression: string, text: string): Promise<void> {
    await command(`${await this.#find(expression)}/value`, { text });
  }

  async #find(expression: string): Promise<string> {
    await this.until(expression);
    const { [ELEMENT]: id } = await this.evaluate<Record<string, string>>(expression);
    return `${this.#base}/element/${id}`;
  }

  async shot(name: string): Promise<void> {
    const folder = process.env['SALON_SHOTS'];
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true });
    const png = await command<string>(`${this.#base}/screenshot`);
    writeFileSync(join(folder, `${name}.png`), Buffer.from(png, 'base64'));
  }

  async close(): Promise<void> {
    await fetch(this.#base, { method: 'DELETE' }).catch(() => undefined);
    this.#driver.kill();
  }
}

/** @throws what the driver says. */
async function command<T>(url: string, body?: unknown): Promise<T> {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const { value } = (await (await fetch(url, init)).json()) as {
    value: T & { error?: string; message?: string };
  };
  if (value?.error !== undefined) throw new Error(`${value.error}: ${value.message ?? ''}`);
  return value;
}

/** Killed with this process at the latest. */
export function startTool(
  name: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  stdio: 'ignore' | ('ignore' | 'pipe')[],
): ChildProcess {
  const child = spawn(name, args, { env, stdio });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  return child;
}
