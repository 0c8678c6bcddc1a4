import type { Computer } from '../support/namespaces.ts';
import { program, quietPort, scratch, start, startHost, type HostProcess } from '../support/processes.ts';
import { until, type VisitorOptions } from '../support/visitor.ts';
import { Member, compareCopies, settled } from './member.ts';
import { Oracle, type Judgement } from './oracle.ts';
import type { Random } from './trial.ts';

export interface HostedOptions {
  /** Of the host. */
  args?: readonly string[];
  env?: NodeJS.ProcessEnv;
  /** The computer that it runs on; by default this one. */
  computer?: Computer;
}

/** For members who write faster than people do, where what is looked for is not how they are slowed down. */
export const UNHURRIED = ['--allowance', '10'];

/** A room in a process of its own, members who write in it, and the oracle that listens. */
export class Hosted {
  readonly directory: string;
  readonly oracle = new Oracle();
  readonly members: Member[] = [];
  host: HostProcess;
  readonly #port: number;
  readonly #options: HostedOptions;

  private constructor(directory: string, host: HostProcess, options: HostedOptions) {
    this.directory = directory;
    this.host = host;
    this.#port = host.port;
    this.#options = options;
  }

  static async open(names: readonly string[], options: HostedOptions = {}): Promise<Hosted> {
    const directory = await scratch();
    const host = await startOn(directory, options, ['--port', String(await quietPort())]);
    const hosted = new Hosted(directory, host, options);
    for (const name of names) await hosted.join(name);
    return hosted;
  }

  get address(): string {
    return `${this.#options.computer?.address ?? '127.0.0.1'}:${this.#port}`;
  }

  /** The first one owns the room. */
  async join(name: string, address: string = this.address, options?: VisitorOptions): Promise<Member> {
    const code = this.members.length === 0 ? (this.host.owner?.code ?? null) : null;
    const member = await Member.join(this.oracle, name, () => address, code, options);
    this.members.push(member);
    return member;
  }

  /** On the same folder and port. @throws when it does not start, with what it said. */
  async restart(): Promise<void> {
    this.host = await startOn(this.directory, this.#options, ['--port', String(this.#port)]);
  }

  async kill(): Promise<void> {
    await this.host.stop('SIGKILL');
  }

  /** Starts a host that is not waited for, and kills it after so long, wherever it is by then. */
  async killInTheBeginning(afterMs: number): Promise<void> {
    const args = ['--data', this.directory, '--port', String(this.#port), '--address', '127.0.0.1'];
    const beginning = start(program('host'), [...args, '--no-announce', '--json'], this.#options.env);
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    await beginning.stop('SIGKILL');
  }

  /** Everybody writes until so many more answers have come. */
  async write(random: Random, answers: number, ms = 600_000): Promise<void> {
    const wanted = this.oracle.acknowledgements + answers;
    let over = false;
    const writing = this.members.map((member) => {
      const others = this.members.filter((each) => each !== member);
      return member.keepWriting(random, others, () => over);
    });
    await until(() => this.oracle.acknowledgements >= wanted, `${answers} more answers`, ms);
    over = true;
    await Promise.all(writing);
  }

  /** Everybody comes back and sends what waits; their copies and the room's file are compared. @throws */
  async judge(): Promise<Judgement> {
    await settled(this.members);
    await compareCopies(this.members);
    for (const member of this.members) member.leave();
    await this.host.stop();
    return this.oracle.judge(this.directory);
  }
}

function startOn(directory: string, { args = [], env, computer }: HostedOptions, more: string[] = []) {
  const where = computer === undefined ? [] : ['--everywhere'];
  return startHost(directory, [...where, ...args, ...more], computer?.name, env);
}
