import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import type { MessageTimeline } from '../../resources/elements/message-timeline.ts';
import { openContext, Person } from '../support/browser.ts';
import type { SeededRoom } from '../support/demo/seed.ts';
import type { HostProcess } from '../support/processes.ts';

declare global {
  /** The messages on the page, once there are any. */
  function salonTimeline(): MessageTimeline | null;
  /** When the page's last message was first drawn, since the navigation began. In milliseconds. */
  var salonShownAt: number | undefined;
  /** Addresses of everything that the page had loaded by then, itself included. */
  function loadedBefore(at: number): string[];
}

/** Before anything of the page's own runs. */
export const WATCH = `
  globalThis.salonTimeline = () => {
    let root = document;
    let element = null;
    for (const name of ['salon-app', 'room-screen', 'conversation-view', 'message-timeline']) {
      element = root.querySelector(name);
      if (!element?.shadowRoot) return null;
      root = element.shadowRoot;
    }
    return element;
  };
  globalThis.loadedBefore = (at) => [
    location.href.split('#')[0],
    ...performance
      .getEntriesByType('resource')
      .filter(({ responseEnd }) => responseEnd <= at)
      .map(({ name }) => name),
  ];
  const look = () => {
    const rows = salonTimeline()?.shadowRoot.querySelectorAll('article[aria-posinset]') ?? [];
    const last = rows[rows.length - 1];
    const isLast = last && last.getAttribute('aria-posinset') === last.getAttribute('aria-setsize');
    if (isLast) globalThis.salonShownAt = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);`;

/** Somebody at a page of the room, at the end of what was said to everybody. */
export class Reader {
  readonly person: Person;
  readonly page: Page;
  readonly cdp: CDPSession;
  readonly #context: BrowserContext;

  private constructor(context: BrowserContext, person: Person, cdp: CDPSession) {
    this.#context = context;
    this.person = person;
    this.page = person.page;
    this.cdp = cdp;
  }

  static async signedIn(browser: Browser, host: HostProcess, seeded: SeededRoom): Promise<Reader> {
    const context = await openContext(browser);
    context.setDefaultTimeout(120_000);
    await context.addInitScript(WATCH);
    const person = await Person.at(context, host.url);
    await person.signIn(seeded.members.at(-1)?.username ?? '', seeded.password);
    await person.messages.last().waitFor();
    await person.page.waitForFunction(() => globalThis.salonShownAt !== undefined);
    return new Reader(context, person, await context.newCDPSession(person.page));
  }

  /** Opens the page anew. @returns milliseconds from the navigation to the last message. */
  async reopen(url: string): Promise<number> {
    await this.page.goto('about:blank');
    await this.page.goto(url);
    await this.page.waitForFunction(() => globalThis.salonShownAt !== undefined);
    return this.page.evaluate(() => globalThis.salonShownAt ?? 0);
  }

  /** What the log's last event is called, here on the page. */
  known(): Promise<number> {
    return this.page.evaluate(() => salonTimeline()?.conversation.known ?? 0);
  }

  async until(known: number): Promise<void> {
    await this.page.waitForFunction((seq) => (salonTimeline()?.conversation.known ?? 0) >= seq, known, {
      timeout: 300_000,
    });
  }

  close(): Promise<void> {
    return this.#context.close();
  }
}
