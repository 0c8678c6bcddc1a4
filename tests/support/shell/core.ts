import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { WebSocket } from 'ws';
import { place } from '../../../scripts/parts/publishing.mjs';
import { presentShell } from '../../../scripts/parts/shell-binary.mjs';
import { eventually } from '../../extensions/pages.ts';
import { scratch } from '../processes.ts';
import { assemble, PageShell, type ShellOptions } from './shell.ts';

/**
 * The real shell without its window: its mode for Chrome, in which a browser of ours shows the page. Bridge, tokens, allow
 * list, headers and the extension's process are the real ones; the calls to a window are answered, and do nothing.
 */

export const realShell: string | null = presentShell() ?? null;

/** No window sends it here, so the test does. */
const PRESS = 'events.broadcast';

export async function assembleCore(): Promise<string> {
  const program = await assemble(realShell ?? '');
  const path = join(program, '..', 'neutralino.config.json');
  const config = JSON.parse(readFileSync(path, 'utf8')) as { nativeAllowList: string[] };
  config.nativeAllowList.push(PRESS);
  place(path, Buffer.from(JSON.stringify(config)));
  return program;
}

export class Core extends PageShell {
  #control: WebSocket | null = null;
  #token = '';

  static async start(program: string, { data, opened = '', env = {} }: ShellOptions = {}): Promise<Core> {
    const directory = data ?? (await scratch());
    const folder = await scratch();
    const [browser, address] = [join(folder, 'browser'), join(folder, 'address')];
    // What is started in Chrome's place notes the address that it was to open.
    writeFileSync(
      browser,
      `#!/bin/sh\nfor word; do case $word in --app=*) echo "\${word#--app=}" > '${address}';; esac; done\n`,
      { mode: 0o755 },
    );
    const words = ['--load-dir-res', `--path=${join(program, '..')}`, '--mode=chrome'];
    const child = spawn(program, [...words, `--chrome-browser-binary=${browser}`], {
      stdio: 'ignore',
      env: {
        ...process.env,
        DBUS_SESSION_BUS_ADDRESS: 'disabled:',
        ...env,
        SALON_DATA: directory,
        SALON_OPEN: opened,
        SALON_NO_MULTICAST: '1',
      },
    });
    const core = new Core(child, directory);
    core.url = await eventually(() => lineIn(address));
    return core;
  }

  /** The shell gives its token once, to the page: what presses the X has it from there. */
  override async meet(page: Page): Promise<void> {
    this.#token = await page.evaluate<string>('NL_TOKEN');
    const { host } = new URL(this.url);
    const control = new WebSocket(`ws://${host}/?connectToken=${this.#token.split('.')[1]}`);
    control.on('error', () => undefined);
    await new Promise((resolve) => control.once('open', resolve));
    this.#control = control;
  }

  override pressX(): void {
    const data = { event: 'windowClose', data: null };
    this.#control?.send(
      JSON.stringify({ id: crypto.randomUUID(), method: PRESS, accessToken: this.#token, data }),
    );
  }
}

function lineIn(path: string): string | undefined {
  try {
    return /(.+)\n/.exec(readFileSync(path, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
