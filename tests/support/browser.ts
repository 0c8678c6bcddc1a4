import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from 'playwright-core';
import { PASSWORD } from './room.ts';

/** Real Chromium, and people who sit in front of it. */

const CHROMIUM = [
  process.env['SALON_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A tab in the background should behave like one in front: each stands for somebody's own computer.
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

export function chromiumPath(): string {
  if (CHROMIUM === undefined) throw new Error('Chromium is not installed');
  return CHROMIUM;
}

/** `executable` starts it elsewhere, for example on another computer. */
export function launch(executable: string = chromiumPath()): Promise<Browser> {
  return chromium.launch({ executablePath: executable, args: FLAGS });
}

export interface Names {
  firstName: string;
  lastName: string;
  username: string;
}

export interface Look {
  width?: number;
  height?: number;
  language?: 'en' | 'fr';
  colorScheme?: 'light' | 'dark';
}

/** Somebody's own browser, with nothing in it. */
export async function openContext(browser: Browser, look: Look = {}): Promise<BrowserContext> {
  return prepared(await browser.newContext(contextOptions(look)));
}

/** A browser of its own that keeps what it has in a folder, and has it again when it is started there once more. */
export async function launchWithProfile(folder: string, look: Look = {}): Promise<BrowserContext> {
  const options = { executablePath: chromiumPath(), args: FLAGS, ...contextOptions(look) };
  return prepared(await chromium.launchPersistentContext(folder, options));
}

function contextOptions({ width = 1280, height = 860, language = 'en', colorScheme = 'light' }: Look) {
  return {
    viewport: { width, height },
    locale: language,
    colorScheme,
    reducedMotion: 'reduce',
    // A room's certificate is its own: in a browser everybody has to go past the warning once.
    ignoreHTTPSErrors: true,
  } as const;
}

async function prepared(context: BrowserContext): Promise<BrowserContext> {
  context.setDefaultTimeout(15_000);
  // tsx marks functions with their names by a helper that a page does not have.
  await context.addInitScript('globalThis.__name = (marked) => marked');
  await context.addInitScript(`globalThis.deepActive = () => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return active;
  }`);
  return context;
}

/** A page, and what its console said that it should not have. */
export class Person {
  readonly page: Page;
  readonly complaints: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on('pageerror', (error) => this.complaints.push(`${error.name}: ${error.message}`));
    page.on('console', (message) => {
      // A connection that fails while a host is away is what the test is about.
      if (message.type() === 'error' && !/WebSocket connection|net::ERR_/.test(message.text())) {
        this.complaints.push(message.text());
      }
    });
  }

  static async at(context: BrowserContext, url: string): Promise<Person> {
    const person = new Person(await context.newPage());
    await person.page.goto(url);
    return person;
  }

  /** Fills in the four fields, keeps the code, and is in the room. @returns the recovery code. */
  async signUp({ firstName, lastName, username }: Names, password = PASSWORD): Promise<string> {
    const { page } = this;
    await this.#choose('Sign up');
    await page.getByLabel('Last name').fill(lastName);
    await page.getByLabel('First name').fill(firstName);
    await page.getByLabel('Username').fill(username);
    await page.getByLabel('Password', { exact: true }).fill(password);
    const owns = await page.getByText('This room is yours').isVisible();
    await page.getByRole('button', { name: 'Sign up' }).click();
    const code = await this.keepCode();
    if (owns) {
      // A new owner is shown how to let others in.
      await this.invitations.waitFor();
      await page.keyboard.press('Escape');
      await this.invitations.waitFor({ state: 'hidden' });
    }
    return code;
  }

  /** The sheet that lets others in. */
  get invitations(): Locator {
    return this.page.getByRole('dialog', { name: 'Invite people' });
  }

  async openInvitations(): Promise<Locator> {
    await this.page.getByRole('button', { name: 'Invite', exact: true }).click();
    await this.invitations.waitFor();
    return this.invitations;
  }

  async keepCode(): Promise<string> {
    const kit = this.page.getByRole('dialog', { name: 'Keep this code' });
    await kit.waitFor();
    const code = /[0-9A-Z]{5}(-[0-9A-Z]{5}){4}/.exec((await kit.innerText()).replace(/\s+/g, '-'))?.[0] ?? '';
    await kit.getByRole('button', { name: 'I have kept it' }).click();
    await this.box.waitFor();
    return code;
  }

  async signIn(username: string, password = PASSWORD): Promise<void> {
    const { page } = this;
    await this.#choose('Sign in');
    await page.getByLabel('Username').fill(username);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  async #choose(mode: 'Sign up' | 'Sign in'): Promise<void> {
    const { page } = this;
    const account = page.getByRole('button', { name: 'I have an account' });
    await page
      .getByRole('button', { name: /^Sign (up|in)$/ })
      .or(account)
      .waitFor();
    // Where guests are let in, a page is for them first.
    if (await account.isVisible()) await account.click();
    await page.getByRole('button', { name: /^Sign (up|in)$/ }).waitFor();
    // The owner's own link offers nothing but signing up.
    const tab = page.getByRole('tab', { name: mode });
    if ((await tab.count()) > 0 && (await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
  }

  /** Where one writes. */
  get box(): Locator {
    return this.page.getByRole('textbox', { name: /^(Message|Write)/ });
  }

  async write(text: string): Promise<void> {
    await this.box.fill(text);
    await this.box.press('Enter');
  }

  /** The messages of the open conversation that can be seen. */
  get messages(): Locator {
    return this.page.getByRole('article');
  }

  message(text: string): Locator {
    return this.messages.filter({ hasText: text });
  }

  /** Waits longer than a page waits between two attempts to come back. @throws with what the page shows instead. */
  async reads(text: string): Promise<void> {
    try {
      await this.message(text).first().waitFor({ timeout: 45_000 });
    } catch {
      const shown = await this.page.locator('body').ariaSnapshot();
      throw new Error(`no message "${text}" at ${this.page.url()}, but:\n${shown}`);
    }
  }

  async shot(name: string): Promise<void> {
    const folder = process.env['SALON_SHOTS'];
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`) });
  }
}
