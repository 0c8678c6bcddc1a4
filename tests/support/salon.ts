import type { Browser, BrowserContext } from 'playwright-core';
import { launch, openContext, Person, type Look } from './browser.ts';
import type { Computer } from './namespaces.ts';
import { program, scratch, start, startHost, type HostProcess, type Running } from './processes.ts';

/** Salon as somebody uses it: the extension as a real process, its page in a real browser, on this computer or another. */

export interface SalonOptions {
  computer?: Computer;
  data?: string;
  env?: NodeJS.ProcessEnv;
  look?: Look;
  browser?: Browser;
}

/** One person's Salon. */
export class Salon {
  readonly person: Person;
  readonly data: string;
  readonly process: Running;
  readonly context: BrowserContext;
  readonly #ownBrowser: Browser | null;

  private constructor(
    process: Running,
    data: string,
    person: Person,
    context: BrowserContext,
    own: Browser | null,
  ) {
    this.process = process;
    this.data = data;
    this.person = person;
    this.context = context;
    this.#ownBrowser = own;
  }

  static async open({ computer, data, env, look, browser }: SalonOptions = {}): Promise<Salon> {
    const directory = data ?? (await scratch());
    const running = start(program('extension'), ['--browser', '--data', directory], env, computer?.name);
    const { url } = JSON.parse(await running.first) as { url: string };
    const own = browser === undefined ? await launch(await computer?.chromium()) : null;
    const context = await openContext(browser ?? (own as Browser), look);
    const person = await Person.at(context, url);
    return new Salon(running, directory, person, context, own);
  }

  get page() {
    return this.person.page;
  }

  /** Types an address, a link or a code, and presses Enter. */
  async join(typed: string): Promise<void> {
    const field = this.page.getByRole('textbox', { name: 'Address, link or code' });
    await field.fill(typed);
    await field.press('Enter');
  }

  async close(): Promise<void> {
    await this.context.close();
    await this.#ownBrowser?.close();
    await this.process.stop();
  }
}

/** A host without a window on another computer, reachable from all of its network. */
export function hostOn(
  computer: Computer,
  directory: string,
  args: readonly string[] = [],
): Promise<HostProcess> {
  return startHost(directory, ['--everywhere', '--announce', '--guests', 'off', ...args], computer.name);
}
