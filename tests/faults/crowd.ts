import { setTimeout as sleep } from 'node:timers/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { ulid } from 'ulid';
import * as assert from 'uvu/assert';
import { prove } from '../../server/client/signing-in.ts';
import { Caller, PASSWORD, quickStretch, type Person } from '../support/room.ts';

/** Members who write and read while others make trouble, and what the trouble costs the host. */

/** Between two messages of one member. In milliseconds; the allowance is one each 200. */
const PAUSE_MS = 250;

/** One who stays within every allowance. */
interface Writer {
  person: Person;
  /** What was acknowledged, in order. */
  acknowledged: { seq: number; body: string; ms: number }[];
}

/**
 * Some members of a room in a process of its own, who write and read the whole time.
 *
 * At the end every message that was acknowledged must have arrived once at each of them, in one order for all.
 */
export class Bystanders {
  readonly #writers: Writer[];
  readonly #ending = new AbortController();
  readonly #work: Promise<unknown>;

  private constructor(people: readonly Person[]) {
    this.#writers = people.map((person) => ({ person, acknowledged: [] }));
    this.#work = Promise.all(this.#writers.map((writer, n) => this.#write(writer, n)));
    // It is awaited at the end.
    this.#work.catch(() => undefined);
  }

  /** They sign up from an address of this computer that is theirs alone. */
  static async come(address: string, ownerCode: string | null, count = 3): Promise<Bystanders> {
    const people: Person[] = [];
    for (let n = 0; n < count; n += 1) {
      const caller = await Caller.connect(address, { localAddress: BYSTANDERS });
      people.push(await caller.signUp(`bystander-${n}`, n === 0 ? ownerCode : null));
    }
    return new Bystanders(people);
  }

  get people(): readonly Person[] {
    return this.#writers.map(({ person }) => person);
  }

  get lobby(): string {
    return this.#writers[0]?.person.lobby ?? '';
  }

  /** How many acknowledgements there are so far: where a phase begins or ends. */
  get mark(): number {
    return Math.min(...this.#writers.map(({ acknowledged }) => acknowledged.length));
  }

  /** Until each of them has had so many more acknowledgements. */
  async more(count: number, ms = 60_000): Promise<void> {
    const goal = this.mark + count;
    const deadline = Date.now() + ms;
    while (this.mark < goal) {
      if (Date.now() > deadline)
        throw new Error(`the room does not go on: ${goal - this.mark} were not acknowledged`);
      await sleep(20);
    }
  }

  /** Milliseconds from asking to acknowledgement, from one mark to another. */
  times(from = 0, to = Number.POSITIVE_INFINITY): Times {
    return new Times(
      this.#writers.flatMap(({ acknowledged }) => acknowledged.slice(from, to).map(({ ms }) => ms)),
    );
  }

  /** Ends the writing. How many messages there were; every one of them arrived once at each, in one order. */
  async end(): Promise<number> {
    this.#ending.abort();
    await this.#work;
    const all = this.#writers.flatMap(({ acknowledged }) => acknowledged).toSorted((a, b) => a.seq - b.seq);
    for (const { person } of this.#writers) {
      const { caller } = person;
      const last = all.at(-1)?.seq ?? 0;
      await caller.until(() => caller.events.some(({ seq }) => seq >= last), 'the last message', 30_000);
      const heard = caller.events.filter(({ conversationId }) => conversationId === this.lobby);
      const first = heard[0]?.seq ?? 0;
      assert.equal(
        heard.map(({ seq }) => seq),
        heard.map((_, i) => first + i),
        'what arrived has no hole and nothing twice',
      );
      const bodies = new Map(
        heard.flatMap((event) => (event.type === 'message.posted' ? [[event.seq, event.body]] : [])),
      );
      for (const { seq, body } of all) if (seq >= first) assert.is(bodies.get(seq), body);
      assert.is(caller.closedWith, null);
    }
    for (const { person } of this.#writers) person.caller.close();
    return all.length;
  }

  async #write({ person, acknowledged }: Writer, n: number): Promise<void> {
    for (let count = 1; !this.#ending.signal.aborted; count += 1) {
      const body = `${n}:${count}`;
      const began = performance.now();
      const { seq } = await person.say(ulid(), body);
      acknowledged.push({ seq, body, ms: performance.now() - began });
      await sleep(PAUSE_MS);
    }
  }
}

/** What makes a host process as strict as it is by default: others in tests are started without a limit on one address. */
export const AS_USUAL = ['--max-per-address', '20'];

/** Where bystanders come from. The whole of 127.0.0.0/8 is this computer. */
export const BYSTANDERS = '127.0.0.77';

/** The n-th other computer, as far as the host can tell. */
export const addressOf = (n: number) => `127.1.${Math.floor(n / 250)}.${1 + (n % 250)}`;

export class Times {
  readonly #sorted: number[];

  constructor(ms: readonly number[]) {
    this.#sorted = ms.toSorted((a, b) => a - b);
  }

  /** The one below which so much of them is. */
  at(share: number): number {
    return Math.round(
      this.#sorted[Math.min(this.#sorted.length - 1, Math.floor(this.#sorted.length * share))] ?? 0,
    );
  }

  get told(): string {
    return `p50 ${this.at(0.5)} p99 ${this.at(0.99)} ms`;
  }
}

/** Comes back to a room from some address. */
export async function signInFrom(address: string, localAddress: string, username: string): Promise<Caller> {
  const caller = await Caller.connect(address, { localAddress });
  await prove(
    caller.connection,
    { purpose: 'signIn', username, secret: PASSWORD, device: 'tests' },
    quickStretch,
    caller.binding,
  );
  return caller;
}

/** What a process holds. Linux tells; elsewhere null. */
export interface Held {
  megabytes: number;
  descriptors: number;
  /** Of processor time since it started. */
  cpuMs: number;
}

export function heldBy(pid: number): Held | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Behind the name, which may hold anything: state is the third field, user and system time are 14 and 15.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return {
      megabytes: Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024),
      descriptors: readdirSync(`/proc/${pid}/fd`).length,
      cpuMs: ticks * 10,
    };
  } catch {
    return null;
  }
}
