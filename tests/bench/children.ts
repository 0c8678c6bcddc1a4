import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Programs of a benchmark's own that are told what to do. */

export interface Child {
  pid: number;
  call(method: string, args: readonly unknown[]): Promise<unknown>;
  /** Everything on standard error so far. */
  errors(): string;
  end(): void;
}

/** Ends with this process at the latest. */
export function child(file: string): Child {
  const running = fork(fileURLToPath(new URL(file, import.meta.url)), [], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  let errors = '';
  running.stderr?.on('data', (data: Buffer) => (errors += data.toString()));
  const waiting = new Map<number, (answer: { value?: unknown; error?: string }) => void>();
  let lastId = 0;
  running.on('message', (answer: { id: number; value?: unknown; error?: string }) => {
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  running.on('exit', (code) => {
    for (const settle of waiting.values()) settle({ error: `ended with ${code}: ${errors}` });
  });
  const kill = () => running.kill('SIGKILL');
  process.once('exit', kill);
  return {
    pid: running.pid ?? 0,
    call: (method, args) =>
      new Promise((resolve, reject) => {
        const id = (lastId += 1);
        waiting.set(id, ({ value, error }) => {
          if (error === undefined) resolve(value);
          else reject(new Error(`${file}: ${error}`));
        });
        running.send({ id, method, args });
      }),
    errors: () => errors,
    end: () => {
      process.off('exit', kill);
      kill();
    },
  };
}
