import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createInterface } from 'node:readline';
import { readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Real programs as real processes. */

export function program(name: string): string {
  return fileURLToPath(new URL(`../../build/node/${name}.cjs`, import.meta.url));
}

/** A folder that is gone when the test has ended. */
export async function scratch(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'salon-test-'));
  process.setMaxListeners(0);
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/**
 * A free port that no outgoing connection is given: a host that comes back on its port would find it taken, were it by
 * one of those who look for it.
 */
export async function quietPort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, () => resolve(true));
    });
    await new Promise((resolve) => server.close(resolve));
    if (isFree) return port;
  }
}

export interface Running {
  child: ChildProcess;
  /** The first line on standard output. */
  first: Promise<string>;
  /** Everything on standard error so far. */
  errors(): string;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Ends it and waits for that. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/**
 * Started with the Node that runs the test, and killed with it at the latest.
 *
 * @param namespace - of the computer that it runs on (`namespaces.ts`); by default this one.
 */
export function start(
  path: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  namespace?: string,
): Running {
  const elsewhere = namespace === undefined ? [] : ['ip', 'netns', 'exec', namespace];
  const [command = '', ...rest] = [...elsewhere, process.execPath, path, ...args];
  const child = spawn(command, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let errors = '';
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  const first = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    void ended.then(({ code }) => reject(new Error(`ended with ${code} before it said anything: ${errors}`)));
  });
  first.catch(() => undefined);
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  void ended.then(() => process.off('exit', kill));
  return {
    child,
    first,
    errors: () => errors,
    ended,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      return (await ended).code;
    },
  };
}

export interface HostProcess extends Running {
  url: string;
  port: number;
  pid: number;
  room: { id: string; name: string };
  owner: { code: string; url: string; link: string } | null;
  fingerprint: string;
}

/**
 * `host.cjs` on loopback (or `--everywhere`), once it has said where it is. Browsers come in by the encrypted door,
 * unless `--guests` says otherwise, and it announces itself only with `--announce`: where that is what a test is about.
 */
export async function startHost(
  directory: string,
  args: readonly string[] = [],
  namespace?: string,
  env?: NodeJS.ProcessEnv,
): Promise<HostProcess> {
  const otherwise = (flag: string, ...values: string[]) => (args.includes(flag) ? [] : [flag, ...values]);
  // Those that begin so are words between tests, not the host's.
  const [everywhere, announce] = ['--everywhere', '--announce'];
  const all = [
    ...['--data', directory, '--max-per-address', '1000', '--json', ...args],
    ...otherwise('--port', '0'),
    // A page for members, with no guests to be asked about.
    ...(args.includes('--guests') ? [] : ['--guests', 'encrypted', '--guests-for', '0']),
    ...(args.includes(everywhere) ? [] : ['--address', '127.0.0.1']),
    ...(args.includes(announce) ? [] : ['--no-announce']),
  ];
  const said = all.filter((arg) => arg !== everywhere && arg !== announce);
  const running = start(program('host'), said, env, namespace);
  return { ...running, ...(JSON.parse(await running.first) as Omit<HostProcess, keyof Running>) };
}

/** The process that an extension's supervisor keeps running. */
export function engineOf({ child }: Pick<Running, 'child'>): number {
  const engine = childrenOf(child.pid ?? 0)[0];
  if (engine === undefined) throw new Error('the supervisor has no engine just now');
  return engine;
}

/** Living children, as Linux lists them. */
export function childrenOf(pid: number): number[] {
  try {
    const found = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return found === '' ? [] : found.split(' ').map(Number);
  } catch {
    return [];
  }
}

/** Whether a process lives: one that has ended but that nobody has asked about is no more. As Linux says. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}
