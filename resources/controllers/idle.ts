import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Somebody who has not moved anything for so long is away. In milliseconds. */
const IDLE_MS = 5 * 60_000;
/** Movements are noticed this often at most. In milliseconds. */
const NOTICE_MS = 5_000;

const MOVEMENTS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart', 'focus'] as const;

/** Tells when the person in front of this page goes away, and when they are back. */
export class Idle implements ReactiveController {
  readonly #tell: (presence: 'here' | 'away') => void;
  #presence: 'here' | 'away' = 'here';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #noticedAt = 0;

  constructor(host: ReactiveControllerHost, tell: (presence: 'here' | 'away') => void) {
    this.#tell = tell;
    host.addController(this);
  }

  get presence(): 'here' | 'away' {
    return this.#presence;
  }

  hostConnected(): void {
    for (const movement of MOVEMENTS)
      addEventListener(movement, this.#moved, { passive: true, capture: true });
    this.#wait();
  }

  hostDisconnected(): void {
    for (const movement of MOVEMENTS) removeEventListener(movement, this.#moved, { capture: true });
    clearTimeout(this.#timer);
  }

  readonly #moved = (): void => {
    const now = performance.now();
    if (this.#presence === 'here' && now - this.#noticedAt < NOTICE_MS) return;
    this.#noticedAt = now;
    this.#become('here');
    this.#wait();
  };

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#become('away'), IDLE_MS);
  }

  #become(presence: 'here' | 'away'): void {
    if (presence === this.#presence) return;
    this.#presence = presence;
    this.#tell(presence);
  }
}
