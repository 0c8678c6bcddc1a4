import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { findDataDirectory, type DataDirectory } from '../server/data-directory.ts';
import { NoAnswer, takeInstance, type Call, type First, type Second } from './instance.ts';
import { Keeper } from './keeper.ts';
import { CANNOT_START, CLEAN_MS, HURRY_MS } from './line.ts';
import { openLink } from './desktop/open.ts';
import { connectShell, endWithParent, type DoorPlace, type Shell } from './shell.ts';
import { tellPerson, tellPersonAgain, tellProgram } from './tell-page.ts';

/** How long the shell may take to go once it was told to, in milliseconds. Then we go first. */
const SHELL_PATIENCE_MS = 3_000;

/**
 * The half that holds the window and never stalls: it ends with the shell, or with whoever started it in a terminal, closes
 * a window whose page does not, and keeps the engine running.
 */
export async function supervise(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      browser: { type: 'boolean', default: false },
      open: { type: 'boolean', default: false },
      data: { type: 'string' },
    },
    strict: false,
    allowPositionals: true,
  });
  const named = typeof values.data === 'string' ? values.data : process.env['SALON_DATA'];
  // The shell hands no arguments to its extension: what Salon was opened with comes by the environment.
  const typed = positionals[0] ?? process.env['SALON_OPEN'] ?? '';
  const front = values.open === true ? 'opened' : values.browser === true ? 'told' : 'shell';
  await new Supervisor(front, findDataDirectory(named), typed === '' ? null : typed).run();
}

/** Where the page is: in the shell's window, or in a browser that we open, or whose user we tell. */
type Front = 'shell' | 'opened' | 'told';

class Supervisor {
  readonly #token = randomBytes(32).toString('base64url');
  readonly #front: Front;
  readonly #data: DataDirectory;
  readonly #typed: string | null;
  readonly #keeper: Keeper;
  readonly #shell: Shell | null;
  #first: First | null = null;
  /** Undefined while there is none. */
  #door: DoorPlace | undefined;
  #isPrinted = false;
  #isEnding = false;
  readonly #waiting = new Set<() => void>();

  constructor(front: Front, data: DataDirectory, typed: string | null) {
    this.#front = front;
    this.#data = data;
    this.#typed = typed;
    // Whoever reads our output may go before we do.
    process.stdout.on('error', () => undefined);
    process.stderr.on('error', () => undefined);
    this.#keeper = new Keeper({
      ready: (port) => this.#ready(port),
      lost: () => (this.#door = undefined),
      gaveUp: (status) => this.#gaveUp(status),
      exit: () => this.#close(),
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => void this.#end(CLEAN_MS));
    const gone = () => void this.#end(HURRY_MS);
    this.#shell =
      front === 'shell'
        ? connectShell({
            door: () => this.#door,
            close: () => this.#close(),
            dropped: (paths) => this.#keeper.dropped(paths),
            gone,
          })
        : null;
    if (front !== 'shell') endWithParent(gone);
  }

  async run(): Promise<void> {
    const taken = await this.#takeInstance();
    if (taken === null) {
      await this.#keeper.end(0);
      return this.#stop(CANNOT_START);
    }
    if (!taken.isFirst) return this.#leaveTo(taken);
    this.#first = taken;
    this.#keeper.begin({
      directory: taken.directory,
      place: this.#data.place,
      token: this.#token,
      origin: this.#shell?.origin ?? null,
      typed: this.#typed,
    });
  }

  /** Null when there is neither, and it was said why. */
  async #takeInstance(): Promise<First | Second | null> {
    try {
      return await takeInstance(
        this.#data.directory,
        { typed: this.#typed, opensPage: this.#front !== 'told' },
        (call) => this.#called(call),
      );
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      process.stderr.write(
        error instanceof NoAnswer
          ? `Salon is open already: ${reason}.\n`
          : `Salon cannot write to ${this.#data.directory} (${reason}). Start it with --data and a folder of yours.\n`,
      );
      return null;
    }
  }

  /** Another Salon was started with the same data. */
  async #called({ typed, opensPage }: Call): Promise<string | null> {
    // No answer: they try again, and are the first when we are gone.
    if (this.#isEnding) throw new Error('ending');
    if (this.#door === null) {
      // All that is left here is a window that says so.
      this.#close();
      throw new Error('stopped');
    }
    if (typed !== null) this.#keeper.open(typed, opensPage && this.#shell === null);
    this.#shell?.focus();
    if (this.#shell !== null) return null;
    if (this.#door === undefined) await new Promise<void>((resolve) => this.#waiting.add(resolve));
    return this.#door ? this.#url(this.#door) : null;
  }

  /** We are that other Salon. */
  async #leaveTo({ url }: Second): Promise<void> {
    await this.#keeper.end(0);
    if (this.#front === 'opened') await tellPersonAgain(url);
    else if (this.#front === 'told') await tellProgram(url);
    // The first one's page is in a browser, and so is the way back to it.
    else if (url !== null) await openLink(url);
    this.#close();
  }

  #ready(port: number): void {
    const door = { port, token: this.#token };
    this.#door = door;
    this.#shell?.answer();
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
    if (this.#shell !== null || this.#isPrinted) return;
    this.#isPrinted = true;
    void (this.#front === 'opened' ? tellPerson(this.#url(door)) : tellProgram(this.#url(door)));
  }

  #gaveUp(status: number): void {
    process.stderr.write(`Salon has stopped (status ${status}). Start it again.\n`);
    this.#stop(status === 0 ? 1 : status);
  }

  /** The window stays, so that its page can say so; without a window there is nobody left to tell. */
  #stop(status: number): void {
    this.#door = null;
    this.#shell?.answer();
    if (this.#shell === null) void this.#end(0, status);
  }

  #url({ port, token }: NonNullable<DoorPlace>): string {
    return `http://127.0.0.1:${port}/#app=${token}`;
  }

  /** Ends the engine well, then the window, which is out of sight meanwhile where that can be. */
  #close(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    const shell = this.#shell;
    if (shell === null) return void this.#end(CLEAN_MS);
    shell.hide();
    void this.#keeper.end(CLEAN_MS).then(() => {
      shell.exit();
      // Its end is heard, and is ours.
      setTimeout(() => void this.#end(HURRY_MS), SHELL_PATIENCE_MS);
    });
  }

  async #end(withinMs: number, status = 0): Promise<void> {
    this.#isEnding = true;
    await this.#keeper.end(withinMs);
    await this.#first?.release();
    process.exit(status);
  }
}
