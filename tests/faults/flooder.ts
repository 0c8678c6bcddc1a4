import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Trouble made by a process of its own, so that making it does not slow down whoever measures. */
export interface Flood {
  /**
   * `tcp` connects and says nothing; `tls` ends its handshake and says nothing; `handshakes` hangs up after each; `logins`
   * tries passwords and `joins` makes accounts, again and again.
   */
  kind: 'tcp' | 'tls' | 'handshakes' | 'logins' | 'joins';
  port: number;
  /** Those of this computer that it comes from, in turn. */
  from: readonly string[];
  /** How many in all. */
  count: number;
  /** At one time. */
  abreast: number;
  /** How many are begun each second; as fast as it goes otherwise. */
  perSecond?: number;
}

export interface Flooded {
  /** How each attempt ended, and how many so. */
  outcomes: Record<string, number>;
  /** From the connection to its end, of the one that lasted longest. In milliseconds. */
  longestMs: number;
  tookMs: number;
}

export interface Flooding {
  done: Promise<Flooded>;
  stop: () => void;
}

export function flood(what: Flood): Flooding {
  const child = fork(fileURLToPath(new URL('flood-process.ts', import.meta.url)), [JSON.stringify(what)], {
    execArgv: ['--import', 'tsx'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const done = new Promise<Flooded>((resolve, reject) => {
    child.once('message', (said) => resolve(said as Flooded));
    child.once('exit', (code) => {
      process.off('exit', kill);
      reject(new Error(`the flood ended by itself with ${code}`));
    });
  });
  done.catch(() => undefined);
  return { done, stop: kill };
}
