import type { RoomSocket } from '../../server/client/connection.ts';

/** A socket whose other end is the test. */
export class FakeSocket implements RoomSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  readonly sent: { id: number; command: string; input: unknown }[] = [];
  closedWith: number | undefined;

  send(text: string): void {
    this.sent.push(JSON.parse(text) as { id: number; command: string; input: unknown });
  }

  close(code?: number): void {
    this.closedWith = code;
  }

  /** The host says something. */
  say(frame: unknown): void {
    this.onmessage?.({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
  }
}
