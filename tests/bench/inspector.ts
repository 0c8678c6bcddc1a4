import { WebSocket } from 'ws';
import { sleep } from './measure.ts';

/** Asks a Node process for its garbage, through the inspector that opens on a signal. */
export class Inspector {
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** `said` is what the process has written to its standard error. */
  static async open(pid: number, said: () => string): Promise<Inspector> {
    process.kill(pid, 'SIGUSR1');
    for (let tries = 0; ; tries += 1) {
      const [url] = /ws:\/\/\S+/.exec(said()) ?? [];
      if (url !== undefined) {
        const socket = new WebSocket(url);
        await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
        return new Inspector(socket);
      }
      if (tries > 200) throw new Error('no inspector');
      await sleep(50);
    }
  }

  /** Several times: what the first collection frees lets go of more. */
  async collect(): Promise<void> {
    for (let id = 1; id <= 4; id += 1) {
      const done = new Promise((resolve) => this.#socket.once('message', resolve));
      this.#socket.send(JSON.stringify({ id, method: 'HeapProfiler.collectGarbage' }));
      await done;
      await sleep(300);
    }
  }

  /** A process does not end while somebody inspects it. */
  close(): void {
    this.#socket.terminate();
  }
}
