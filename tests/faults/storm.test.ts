// time limit: 300 s
// long time limit: 240 s
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Connection } from '../../server/client/connection.ts';
import { retryDelay } from '../../server/client/reconnect.ts';
import { PROTOCOL_VERSION, type Id } from '../../server/protocol/entities.ts';
import { percentile } from '../support/percentile.ts';
import { scratch, startHost, type HostProcess } from '../support/processes.ts';
import { Caller, openSocket } from '../support/room.ts';
import { until } from '../support/visitor.ts';
import { effort, report } from './trial.ts';

const storm = suite('Everybody at once');

/** Who sign up together, after the owner. */
const AT_ONCE = 10;
const MEMBERS = effort(81, 501);

/** A member with no more than the way back in: by the session's token, as often as it takes. */
class Light {
  me: Id | null = null;
  asked: string[] = [];
  attempts = 0;
  readonly #address: string;
  readonly #token: string;
  #connection: Connection | null = null;
  #over = false;

  constructor(address: string, token: string) {
    this.#address = address;
    this.#token = token;
    this.#connect();
  }

  close(): void {
    this.#over = true;
    this.#connection?.close();
  }

  #connect(): void {
    const connection = new Connection(openSocket(this.#address), {
      opened: () => void this.#enter(connection).catch(() => undefined),
      event: () => undefined,
      signal: () => undefined,
      goodbye: () => undefined,
      closed: () => this.#lost(),
    });
    this.#connection = connection;
  }

  async #enter(connection: Connection): Promise<void> {
    const ask: Connection['ask'] = (command, input) => {
      this.asked.push(command);
      return connection.ask(command, input);
    };
    await ask('hello', { protocol: PROTOCOL_VERSION, language: 'en', client: 'tests' });
    await ask('session.resume', { token: this.#token });
    this.me = (await ask('room.enter', {})).me;
    this.attempts = 0;
  }

  #lost(): void {
    this.me = null;
    if (this.#over) return;
    setTimeout(() => this.#connect(), retryDelay(this.attempts));
    this.attempts += 1;
  }
}

/** How long the host takes to answer anything at all, asked again and again by a process that does nothing else. */
function watchHealth({ port }: HostProcess): () => Promise<number[]> {
  const watch = `
    const times = [];
    process.stdin.on('data', () => { console.log(JSON.stringify(times)); process.exit(0); });
    (async () => {
      for (;;) {
        const began = performance.now();
        try {
          await (await fetch('http://127.0.0.1:${port}/health')).text();
          times.push(performance.now() - began);
        } catch {}
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();`;
  const child = spawn(process.execPath, ['-e', watch], { stdio: ['pipe', 'pipe', 'inherit'] });
  process.once('exit', () => child.kill('SIGKILL'));
  const told = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).once('line', resolve);
  });
  return async () => {
    child.stdin.write('\n');
    return JSON.parse(await told) as number[];
  };
}

storm(
  `${MEMBERS} members whose host was killed are all back, and nobody is asked for a password`,
  async () => {
    const directory = await scratch();
    const args = ['--max-per-address', '10000', '--max-members', '2000'];
    let host = await startHost(directory, args);
    const address = `127.0.0.1:${host.port}`;
    const tokens: string[] = [];
    const signUp = async (i: number) => {
      const caller = await Caller.connect(address);
      tokens.push((await caller.signUp(`member${i}`, i === 0 ? (host.owner?.code ?? null) : null)).token);
      caller.close();
    };
    for (let i = 0; i < MEMBERS; i += i === 0 ? 1 : AT_ONCE)
      await Promise.all(Array.from({ length: i === 0 ? 1 : AT_ONCE }, (_, k) => signUp(i + k)));
    const members = tokens.map((token) => new Light(address, token));
    const areIn = () => members.every(({ me }) => me !== null);
    await until(areIn, 'everybody to be in', 120_000);

    await host.stop('SIGKILL');
    await until(() => members.every(({ me }) => me === null), 'everybody to notice');
    for (const member of members) member.asked = [];
    host = await startHost(directory, [...args, '--port', String(host.port)]);
    const began = performance.now();
    const watched = watchHealth(host);
    await until(areIn, 'everybody to be back', 600_000);
    const backMs = Math.round(performance.now() - began);
    const times = await watched();

    const asked = members.flatMap((member) => member.asked);
    assert.is(new Set(members.map(({ me }) => me)).size, MEMBERS, 'each as who they were');
    assert.is(asked.filter((command) => command.startsWith('proof.')).length, 0);
    const health = (await (await fetch(`http://127.0.0.1:${host.port}/health`)).json()) as { online: number };
    assert.is(health.online, MEMBERS, 'as the host counts them');
    for (const member of members) member.close();
    await host.stop();
    report('reconnect storm', {
      members: MEMBERS,
      allBackAfterMs: backMs,
      passwordChecks: 0,
      resumed: asked.filter((command) => command === 'session.resume').length,
      ...{ answerP50Ms: percentile(times, 0.5), answerP99Ms: percentile(times, 0.99) },
      longestAnswerMs: percentile(times, 1),
    });
  },
);

storm.run();
