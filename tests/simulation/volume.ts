import { ulid } from 'ulid';
import type { Id, Seq } from '../../server/protocol/entities.ts';
import { SalonError } from '../../server/protocol/errors.ts';
import { CHANGES } from '../../server/store/jobs.ts';
import type { AsyncStore, Published, StoreMethod } from '../../server/store/records.ts';
import type { Due, Program, VirtualClock } from './clock.ts';
import { Model, type Beginning } from './model.ts';

interface Job {
  method: keyof Model & StoreMethod;
  args: readonly unknown[];
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/** For those who want to see what a broken store would do. */
export interface StoreFaults {
  /** Answers before the disk has what it answers for. */
  answersEarly?: boolean;
  /** Has the hub tell everybody before the disk has it. */
  tellsEarly?: boolean;
  model?: (beginning: Beginning) => Model;
}

/**
 * The host's disk, with the room on it. Whatever waits is done and written together, and answered once it is written;
 * a crash takes back what was not.
 */
export class Volume {
  readonly model: Model;
  readonly store: AsyncStore;
  /** Of each conversation the last event that is on disk. One after it may be told to nobody. */
  readonly durable = new Map<Id, Seq>();
  /** While it is set, nothing can be written, and where too much waits already nothing be asked at all. */
  failing: 'DISK_FULL' | 'BUSY' | null = null;
  /** Told of every message as soon as it is made, for stores that tell early. */
  made: (published: readonly Published[]) => void = () => undefined;
  readonly #clock: VirtualClock;
  readonly #slowestMs: number;
  readonly #faults: StoreFaults;
  #waiting: Job[] = [];
  #program: Program | null = null;
  #writing: Due | null = null;

  constructor(clock: VirtualClock, beginning: Beginning, slowestMs: number, faults: StoreFaults = {}) {
    this.#clock = clock;
    this.#slowestMs = slowestMs;
    this.#faults = faults;
    this.model = (faults.model ?? ((begin) => new Model(begin)))(beginning);
    this.#noteDurable();
    const store: Partial<Record<StoreMethod, (...args: unknown[]) => Promise<unknown>>> = {};
    for (const method of METHODS) store[method] = (...args) => this.#ask(method, args);
    store.addressIsBanned = () => Promise.resolve(false);
    this.store = store as unknown as AsyncStore;
  }

  /** A host begins to use it. */
  openedBy(program: Program): void {
    this.#program = program;
  }

  /** The host is gone from one moment to the next; what was being written is on disk or not. */
  crash(): void {
    const wasWriting = this.#writing !== null;
    if (this.#writing !== null) this.#writing.cancelled = true;
    if (wasWriting && this.#clock.random() < 0.5) this.#written();
    else this.model.takeBack();
    this.#writing = null;
    this.#waiting = [];
    this.#program = null;
  }

  /** Keeps a copy of what is on disk. The answer puts it in the place of what is there, while nobody uses it. */
  backUp(): (() => void) | null {
    if (this.#writing !== null) return null;
    const restore = this.model.backUp();
    return () => {
      restore(ulid());
      this.#noteDurable();
    };
  }

  #ask(method: Job['method'], args: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ method, args, resolve, reject });
      if (this.#writing === null && this.#waiting.length === 1)
        this.#clock.after(this.#clock.random() * 0.2, () => this.#work(), this.#program);
    });
  }

  #work(): void {
    if (this.#writing !== null || this.#waiting.length === 0) return;
    const jobs = this.#waiting;
    this.#waiting = [];
    const isChange = jobs.some(({ method }) => CHANGES[method]);
    const answers = jobs.map((job) => this.#do(job));
    const answer = () => {
      for (const each of answers) each();
    };
    if (this.#faults.answersEarly === true) answer();
    const tookMs = isChange ? 0.3 + this.#clock.random() * this.#slowestMs : 0.1;
    this.#writing = this.#clock.after(
      tookMs,
      () => {
        this.#writing = null;
        this.#written();
        if (this.#faults.answersEarly !== true) answer();
        this.#work();
      },
      this.#program,
    );
  }

  /** Does one job, and says how it is answered. */
  #do({ method, args, resolve, reject }: Job): () => void {
    const { failing } = this;
    if (failing === 'BUSY' || (failing !== null && CHANGES[method]))
      return () => reject(new SalonError(failing));
    try {
      const work = this.model[method] as (...args: readonly unknown[]) => unknown;
      const value = work.call(this.model, ...args);
      if (method === 'post' && this.#faults.tellsEarly === true)
        this.made((value as { published: Published[] }).published);
      return () => resolve(value);
    } catch (error) {
      return () => reject(error as Error);
    }
  }

  #written(): void {
    this.model.keep();
    this.#noteDurable();
  }

  #noteDurable(): void {
    this.durable.clear();
    for (const { id, events } of this.model.conversations.values()) this.durable.set(id, events.length);
  }
}

const METHODS = [
  'room',
  'resumeSession',
  'snapshotSince',
  'openDirect',
  'conversation',
  'audience',
  'post',
  'withdraw',
  'mark',
  'page',
  'rename',
  'sawMember',
] as const satisfies readonly Job['method'][];
