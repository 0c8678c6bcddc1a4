import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { plural, t } from '../locales/locale.ts';

export interface Announcement {
  id: number;
  text: string;
}

interface Heard {
  authorId: string;
  name: string;
  text: string;
}

/** More than so many messages in so long become one sentence: nobody can listen to a flood. */
const MOST = 3;
const WITHIN_MS = 2_000;
const KEPT = 20;

/** What the log beside a list tells a screen reader, each message once and none of the old ones. */
export class Announcer implements ReactiveController {
  /** The latest, oldest first. */
  lines: readonly Announcement[] = [];
  readonly #host: ReactiveControllerHost;
  #held: Heard[] = [];
  #saidAt: number[] = [];
  #lastId = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#held = [];
  }

  hear(messages: readonly Heard[], now = performance.now()): void {
    if (messages.length === 0) return;
    this.#saidAt = this.#saidAt.filter((at) => now - at < WITHIN_MS);
    const isCalm = this.#timer === undefined && this.#saidAt.length + messages.length <= MOST;
    if (isCalm) {
      for (const { name, text } of messages) this.#say(t().room.announce(name, text));
      this.#saidAt.push(...messages.map(() => now));
      return;
    }
    this.#held.push(...messages);
    this.#timer ??= setTimeout(() => this.#sum(), WITHIN_MS);
  }

  #sum(): void {
    this.#timer = undefined;
    const { newMessages, newFrom, peopleCount } = t().room;
    const people = new Set(this.#held.map(({ authorId }) => authorId)).size;
    this.#say(newFrom(plural(this.#held.length, newMessages), plural(people, peopleCount)));
    this.#held = [];
  }

  #say(text: string): void {
    this.lines = [...this.lines, { id: ++this.#lastId, text }].slice(-KEPT);
    this.#host.requestUpdate();
  }
}
