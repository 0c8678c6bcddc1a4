import type { Clock } from '../../server/clock.ts';
import type { Hub } from '../../server/hub.ts';
import type { Turn } from '../../server/outgoing.ts';
import { between } from '../faults/trial.ts';
import { Machine, Program, type VirtualClock } from './clock.ts';
import { Disk } from './disk.ts';
import type { Pace } from './flow.ts';
import { FINGERPRINT, SimulatedHost } from './host.ts';
import type { LineOptions } from './line.ts';
import { Network } from './network.ts';
import { Hand } from './hand.ts';
import { Oracle } from './oracle.ts';
import { Page } from './page.ts';
import { beginning, memberIdOf, NAMES, tokenOf } from './people.ts';
import type { Step, Trouble, Upheaval } from './steps.ts';
import { Volume, type StoreFaults } from './volume.ts';

/** Of one browser. */
const TABS = 2;

/** For those who want to see whether a broken promise is noticed. */
export interface Faults {
  store?: StoreFaults;
  hub?: (clock: Clock, turn: Turn) => Hub;
  /** Whoever stops reading is behind at once, in every history rather than in some. */
  everybodyIsSlow?: boolean;
}

interface Person {
  machine: Machine;
  disk: Disk;
  /** The first is always there, or about to be. */
  tabs: (Page | null)[];
}

/** A host, some people with their pages, and everything between them that can break. */
export class World {
  readonly clock: VirtualClock;
  readonly oracle: Oracle;
  readonly volume: Volume;
  /** Everything that was done. */
  readonly trace: string[] = [];
  /** Bugs that nobody caught. */
  readonly bugs: unknown[] = [];
  /** Null while it is away. */
  host: SimulatedHost | null = null;
  /** Once an older copy is in the place of the room, readers have to open again what they were reading. */
  wasRestored = false;
  readonly #hostMachine = new Machine('host');
  readonly #network: Network;
  readonly #people: Person[] = [];
  readonly #pace: Pace;
  readonly #weight: number;
  readonly #faults: Faults;
  readonly #hand: Hand;
  #hostProgram: Program | null = null;
  #settling = false;
  #restore: (() => void) | null = null;

  constructor(clock: VirtualClock, people: number, faults: Faults = {}) {
    const { random } = clock;
    this.clock = clock;
    this.#faults = faults;
    const isFar = random() < 0.25;
    this.#pace = {
      delayMs: isFar ? between(random, 20, 400) : random() * 3,
      jitterMs: isFar ? between(random, 0, 800) : random() * 20,
      together: random() < 0.5,
    };
    this.#weight = random() < 0.25 || faults.everybodyIsSlow === true ? between(random, 300, 3_000) : 1;
    this.volume = new Volume(
      clock,
      beginning(people, random() < 0.15 ? 600 : 0),
      random() < 0.3 ? between(random, 20, 200) : 4,
      faults.store,
    );
    this.volume.made = (published) => this.host?.hub.publish(published);
    this.oracle = new Oracle(this.volume);
    this.#network = new Network(clock, this.oracle);
    this.#hand = new Hand(clock, this.oracle, this.trace);
    this.#openHost();
    for (let who = 0; who < people; who++) {
      const kept = { [`token/${FINGERPRINT}`]: tokenOf(who) };
      const disk = new Disk(clock, kept, random() < 0.3 ? 80 : 3);
      const person: Person = { machine: new Machine(NAMES[who] ?? ''), disk, tabs: [null, null] };
      this.#people.push(person);
      this.#openTab(person, 0);
    }
  }

  /** Does one thing. What follows from it follows as time passes. */
  take(step: Step): void {
    const { waitMs: _, ...deed } = step;
    this.trace.push(`${this.clock.now.toFixed(1)} ${JSON.stringify(deed)}`);
    if (step.on === 'room') return this.#upheave(step);
    const page = this.#person(step.who).tabs[step.tab];
    if (page?.alive !== true) return;
    if (step.on === 'line') this.#trouble(page, step);
    else page.do(() => this.#hand.use(page, step));
  }

  #upheave(step: Upheaval): void {
    switch (step.kind) {
      case 'crash':
        return this.#crash(step.ms, step.dark);
      case 'close':
        return this.#close(step.ms);
      case 'backUp':
        this.#restore ??= this.volume.backUp();
        return;
      case 'restore':
        return this.#restoreHost(step.ms);
      case 'refuse':
        this.volume.failing = step.reads ? 'BUSY' : 'DISK_FULL';
        return void this.clock.after(step.ms, () => (this.volume.failing = null), null);
      case 'setClock':
        (step.who === null ? this.#hostMachine : this.#person(step.who).machine).wallAhead += step.ms;
        return;
      case 'sleep':
        return this.#person(step.who).machine.sleep(this.clock.now + step.ms);
      case 'secondTab':
        return this.#secondTab(this.#person(step.who), step.ms);
    }
  }

  #trouble(page: Page, step: Trouble): void {
    const line = this.#network.lineOf(page.program);
    switch (step.kind) {
      case 'cut':
        return line?.cut(step);
      case 'stall':
        return line?.stall(this.clock.now + step.ms);
      case 'partition':
        this.#network.partition(page.program);
        return void this.clock.after(step.ms, () => this.#network.heal(page.program), null);
      case 'stopReading':
        line?.down.pause();
        return void this.clock.after(step.ms, () => line?.down.resume(), null);
      case 'reload':
        return this.#reload(this.#person(step.who), step.tab, step.ms);
    }
  }

  // Programs that begin and end.

  #openHost(): void {
    const program = new Program(this.#hostMachine);
    this.#hostProgram = program;
    this.volume.openedBy(program);
    const { hub } = this.#faults;
    const open = () => {
      const { store, model } = this.volume;
      const bug = (error: unknown) => this.bugs.push(error);
      const parts = { program, store, room: model.room(), bug, ...(hub === undefined ? {} : { hub }) };
      this.host = this.#network.door = new SimulatedHost(parts);
    };
    this.clock.after(this.clock.random() * 20, open, program);
  }

  #crash(downMs: number, dark: boolean): void {
    const program = this.#hostProgram;
    if (program === null) return;
    this.#endHost(program, dark);
    this.volume.crash();
    this.clock.after(downMs, () => this.#openHost(), null);
  }

  #restoreHost(downMs: number): void {
    const restore = this.#restore;
    if (restore === null) return;
    this.#crash(downMs, false);
    restore();
    this.oracle.restored();
    this.wasRestored = true;
  }

  #endHost(program: Program, dark: boolean): void {
    program.alive = false;
    this.host = this.#hostProgram = this.#network.door = null;
    this.#network.isDark = dark;
    for (const line of this.#network.lines)
      if (line.host === program) line.cut({ clientMs: dark ? null : this.clock.random() * 50, hostMs: null });
  }

  #close(downMs: number): void {
    const host = this.host;
    if (host === null || this.#network.door === null) return;
    this.#network.door = null;
    this.#network.isDark = false;
    const closed = async () => {
      await host.close();
      this.clock.after(0, () => this.#closed(host, downMs), null);
    };
    this.clock.after(0, () => void closed(), host.program);
  }

  #closed(host: SimulatedHost, downMs: number): void {
    if (this.#hostProgram !== host.program) return;
    this.#endHost(host.program, false);
    // All that was asked is on disk by then; what is not was never answered.
    this.volume.crash();
    this.clock.after(downMs, () => this.#openHost(), null);
  }

  #openTab(person: Person, tab: number): void {
    const line = (): LineOptions => {
      return {
        pace: this.#pace,
        weight: this.#settling ? 1 : this.#weight,
        memberId: memberIdOf(this.#people.indexOf(person)),
      };
    };
    const { machine, disk } = person;
    person.tabs[tab] = new Page({ clock: this.clock, machine, network: this.#network, disk, line });
  }

  #closeTab(person: Person, tab: number): void {
    const page = person.tabs[tab];
    if (page === null || page === undefined) return;
    const { program } = page;
    program.alive = false;
    const { random } = this.clock;
    // Its computer says so, unless it went away as well.
    this.#network.lineOf(program)?.cut({ clientMs: null, hostMs: random() < 0.8 ? random() * 50 : null });
    this.#network.forget(program);
    person.tabs[tab] = null;
  }

  #reload(person: Person, tab: number, ms: number): void {
    this.#closeTab(person, tab);
    this.clock.after(
      ms,
      () => {
        if (person.tabs[tab] === null) this.#openTab(person, tab);
      },
      null,
    );
  }

  #secondTab(person: Person, ms: number): void {
    if (person.tabs[1] !== null) return;
    this.#openTab(person, 1);
    const page = person.tabs[1];
    this.clock.after(
      ms,
      () => {
        if (person.tabs[1] === page && !this.#settling) this.#closeTab(person, 1);
      },
      null,
    );
  }

  #person(who: number): Person {
    const person = this.#people[who];
    if (person === undefined) throw new Error(`there is no person ${who}`);
    return person;
  }

  // Coming to rest.

  /** Nothing disturbs anybody from now on, and everybody who was away comes back. */
  settle(): void {
    this.#settling = true;
    this.volume.failing = null;
    for (const person of this.#people) {
      for (let tab = 0; tab < TABS; tab++) {
        const page = person.tabs[tab];
        // What a tab left behind when it was closed is sent by the next one.
        if (page === null || page === undefined) this.#openTab(person, tab);
        else {
          this.#network.heal(page.program);
          page.looks = true;
        }
      }
    }
  }

  get pages(): Page[] {
    return this.#people.flatMap(({ tabs }) => tabs).filter((page) => page !== null);
  }
}
