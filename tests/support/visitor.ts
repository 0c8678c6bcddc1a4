import type { RoomSocket } from '../../server/client/connection.ts';
import { Visit } from '../../resources/state/visit.ts';
import type { Keep, Surroundings } from '../../resources/state/ports.ts';
import type { LogEvent } from '../../server/protocol/events.ts';
import type { ConversationState } from '../../resources/state/conversation.ts';
import { openSocket, PASSWORD, quickStretch } from './room.ts';

/** The interface's own state, without a page: it talks to a real room through real sockets that can be cut. */
export class Visitor {
  readonly kept = new Map<string, string>();
  readonly sockets = new Set<RoomSocket>();
  visit: Visit;
  readonly #address: () => string;

  constructor(address: () => string) {
    this.#address = address;
    this.visit = this.#newVisit();
  }

  /** The page is loaded again: only what was kept survives. */
  async reload(): Promise<void> {
    this.visit.leave();
    this.visit = this.#newVisit();
    await this.visit.begin(true);
  }

  async signUp(username: string, ownerCode: string | null): Promise<void> {
    await this.visit.begin();
    await this.visit.signUp(
      { lastName: 'Lovelace', firstName: username, username, password: PASSWORD },
      ownerCode,
    );
  }

  /** Breaks the connection without a word, as a cable does. */
  cut(): void {
    for (const socket of this.sockets) (socket as unknown as { terminate(): void }).terminate();
    this.sockets.clear();
  }

  get room() {
    const { room } = this.visit;
    if (room === null) throw new Error('not in the room');
    return room;
  }

  conversations(): ConversationState[] {
    return [this.room.lobby, ...this.room.directs.filter(({ id }) => id !== null)];
  }

  leave(): void {
    this.visit.leave();
  }

  #newVisit(): Visit {
    return new Visit(this.#surroundings(), this.#address(), () => 'en');
  }

  #surroundings(): Surroundings {
    const { kept } = this;
    const keep: Keep = {
      all: (prefix) => Promise.resolve([...kept].filter(([key]) => key.startsWith(prefix))),
      set: (key, value) => {
        if (value === null) kept.delete(key);
        else kept.set(key, value);
        return Promise.resolve();
      },
    };
    return {
      control: null,
      keep,
      openRoom: () => {
        const socket = openSocket(this.#address());
        this.sockets.add(socket);
        return socket;
      },
      stretch: quickStretch,
      device: 'tests',
      visiting: null,
    };
  }
}

/** Everything there is of a conversation, loaded the way a reader who scrolls to the top does. */
export async function wholeLog(conversation: ConversationState): Promise<readonly LogEvent[]> {
  await conversation.jumpToEnd();
  while (!conversation.atStart) await conversation.loadBefore();
  return conversation.timeline.events;
}

export async function until(condition: () => boolean, what: string, ms = 15_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
