import type { Id } from './protocol/entities.ts';
import type { GoodbyeReason } from './protocol/frames.ts';
import type { Session } from './session.ts';

type Leaver = Pick<Session, 'memberId' | 'end'>;

/** Who is being sent away, so that nobody slips in while they are. */
export class Departures {
  readonly #sessions: ReadonlySet<Leaver>;
  /** How many times at once. */
  readonly #leaving = new Map<Id, number>();

  constructor(sessions: ReadonlySet<Leaver>) {
    this.#sessions = sessions;
  }

  has(memberId: Id): boolean {
    return this.#leaving.has(memberId);
  }

  /** Ends the connections of these people, in the room or still at its door. */
  sendAway(memberIds: readonly Id[], reason: GoodbyeReason): void {
    for (const memberId of memberIds) {
      this.#begin(memberId, reason);
      this.#endSoon(memberId);
    }
  }

  /**
   * The same, while `work` ends their sessions in the store. The store does things in the order in which they are asked,
   * so what these connections asked before is done before, and nothing comes after.
   */
  async without<T>(memberId: Id, reason: GoodbyeReason, work: () => Promise<T>): Promise<T> {
    this.#begin(memberId, reason);
    try {
      return await work();
    } finally {
      this.#endSoon(memberId);
    }
  }

  #begin(memberId: Id, reason: GoodbyeReason): void {
    this.#leaving.set(memberId, (this.#leaving.get(memberId) ?? 0) + 1);
    for (const session of this.#sessions) if (session.memberId === memberId) session.end(reason);
  }

  /** Whoever was just answered by the store goes on first, and finds that it is too late. */
  #endSoon(memberId: Id): void {
    setImmediate(() => {
      const left = (this.#leaving.get(memberId) ?? 1) - 1;
      if (left === 0) this.#leaving.delete(memberId);
      else this.#leaving.set(memberId, left);
    });
  }
}
