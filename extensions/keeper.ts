import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import type { DataPlace } from '../server/protocol/diagnosis.ts';
import { CANNOT_START, ENGINE, Report, type OpenRoom, type Order } from './line.ts';

/** Before each new engine, in milliseconds. One more death than these, and it is no accident. */
const PAUSES_MS = [0, 250, 500, 1_000, 2_000];
/** An engine that ran this long, in milliseconds, was well: its death is the first again. */
const STEADY_MS = 60_000;
/** How often the engine is asked whether it is there, in milliseconds, and how often it may say nothing. */
const PING_MS = 4_000;
const MOST_UNANSWERED = 5;
/** Whoever was told when to end, and has not, is ended this much later. In milliseconds. */
const GRACE_MS = 200;

/** Where the pages come in, and what they bring. */
export interface Beginning {
  directory: string;
  place: DataPlace;
  token: string;
  origin: string | null;
  typed: string | null;
}

export interface Listener {
  ready(port: number): void;
  /** The engine died. Another one follows after a pause. */
  lost(): void;
  /** It died again and again, or cannot start; `status` is its last. */
  gaveUp(status: number): void;
  /** A page asked to end the program. */
  exit(): void;
}

/** Keeps one engine running, and starts another where it left off when it dies. */
export class Keeper {
  readonly #listener: Listener;
  #child: ChildProcess;
  #beginning: Beginning | null = null;
  #port = 0;
  #room: OpenRoom | null = null;
  #deaths = 0;
  #startedAt = 0;
  #pause: NodeJS.Timeout | undefined;
  #pings: NodeJS.Timeout | undefined;
  /** Since the engine's last word. */
  #unanswered = 0;
  /** Nobody is to follow the engine that ends now. */
  #isEnding = false;

  /** Starts Node at once: until `begin` it takes the time that everything else takes too. */
  constructor(listener: Listener) {
    this.#listener = listener;
    this.#child = this.#fork();
  }

  begin(beginning: Beginning): void {
    this.#beginning = beginning;
    this.#begin();
  }

  /** Salon was opened once more, with this. @param forNext - for the page that is about to come, not the one that is there. */
  open(typed: string, forNext: boolean): void {
    if (this.#beginning !== null) this.#beginning.typed = typed;
    this.#say({ t: 'open', typed, forNext });
  }

  /** Files were dropped on the window. */
  dropped(paths: string[]): void {
    this.#say({ t: 'dropped', paths });
  }

  /** Resolves when the engine has ended. May be called again, with less patience. */
  async end(withinMs: number): Promise<void> {
    this.#isEnding = true;
    clearTimeout(this.#pause);
    clearInterval(this.#pings);
    const child = this.#child;
    if (hasEnded(child)) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    this.#say({ t: 'end', withinMs });
    const kill = setTimeout(() => child.kill('SIGKILL'), withinMs + GRACE_MS);
    await ended;
    clearTimeout(kill);
  }

  #fork(): ChildProcess {
    this.#startedAt = Date.now();
    const child = fork(fileURLToPath(import.meta.url), [ENGINE], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.on('message', (message) => this.#hear(v.parse(Report, message)));
    this.#unanswered = 0;
    clearInterval(this.#pings);
    this.#pings = setInterval(() => this.#ping(child), PING_MS);
    let over = false;
    const ended = (status: number) => {
      if (!over) this.#ended(status);
      over = true;
    };
    child.once('exit', (code) => ended(code ?? 1));
    // It never started, or cannot be spoken to any more: an end follows, or there was no beginning.
    child.on('error', () => {
      if (child.pid === undefined) ended(1);
    });
    return child;
  }

  #begin(): void {
    if (this.#beginning === null) return;
    this.#say({ t: 'begin', ...this.#beginning, port: this.#port, room: this.#room });
  }

  /** One that neither works nor ends is ended, and followed by another. Counted, because a computer that slept is no sign of it. */
  #ping(child: ChildProcess): void {
    if (this.#unanswered >= MOST_UNANSWERED) child.kill('SIGKILL');
    this.#unanswered += 1;
    this.#say({ t: 'ping' });
  }

  #hear(report: Report): void {
    this.#unanswered = 0;
    switch (report.t) {
      case 'pong':
        return;
      case 'ready':
        this.#port = report.port;
        return this.#listener.ready(report.port);
      case 'room':
        this.#room = report.room;
        return;
      case 'taken':
        if (this.#beginning !== null) this.#beginning.typed = null;
        return;
      case 'exit':
        this.#listener.exit();
    }
  }

  #ended(status: number): void {
    clearInterval(this.#pings);
    if (this.#isEnding) return;
    if (Date.now() - this.#startedAt > STEADY_MS) this.#deaths = 0;
    const pause = PAUSES_MS[this.#deaths];
    this.#deaths += 1;
    if (pause === undefined || status === CANNOT_START) return this.#listener.gaveUp(status);
    this.#listener.lost();
    this.#pause = setTimeout(() => {
      this.#child = this.#fork();
      this.#begin();
    }, pause);
  }

  #say(order: Order): void {
    // Whoever is gone by now is followed by one that begins with all of it.
    if (this.#child.connected) this.#child.send(order, () => undefined);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}
