import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FromHost } from './host-process.ts';

export interface Host {
  child: ChildProcess;
  first: Extract<FromHost, { type: 'ready' | 'refused' }>;
  /** As a power cut does it. */
  kill(): Promise<void>;
}

/** Starts a host in a process of its own, and waits for its first word. */
export async function startHost(directory: string): Promise<Host> {
  const program = fileURLToPath(new URL('host-process.ts', import.meta.url));
  const child = fork(program, [directory], { execArgv: ['--import', 'tsx'] });
  const [first] = (await once(child, 'message')) as [Host['first']];
  return {
    child,
    first,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
