import type { ConversationState } from '../../resources/state/conversation.ts';
import type { RoomState } from '../../resources/state/room.ts';
import { between } from '../faults/trial.ts';
import type { VirtualClock } from './clock.ts';
import { Broken, type Oracle } from './oracle.ts';
import type { Page } from './page.ts';
import { memberIdOf, NAMES } from './people.ts';
import type { Use } from './steps.ts';

/** What people do with the pages before them; the oracle is told what they did. */
export class Hand {
  readonly #clock: VirtualClock;
  readonly #oracle: Oracle;
  readonly #trace: string[];
  #renames = 0;

  constructor(clock: VirtualClock, oracle: Oracle, trace: string[]) {
    this.#clock = clock;
    this.#oracle = oracle;
    this.#trace = trace;
  }

  /** In an event of the page's own. Who is not in the room can do nothing. */
  use(page: Page, step: Use): void {
    const { room } = page;
    if (room === null) return;
    switch (step.kind) {
      case 'post':
        return this.#write(room, step, room.lobby);
      case 'tell':
        return this.#write(room, step, room.direct(step.to.map(memberIdOf)));
      case 'withdraw':
        return this.#withdraw(page, room);
      case 'rename':
        room.rename(`${NAMES[step.who]}${(this.#renames += 1)}x`).catch(() => undefined);
        return;
      case 'presence':
        return page.visit.setPresence(step.presence);
      case 'type':
        return room.tellTyping(room.lobby);
      case 'read':
        return this.#read(page, room, step.what);
    }
  }

  #write(room: RoomState, { who, tab }: Use, conversation: ConversationState): void {
    const text = `⟦${this.#oracle.written.length}⟧`;
    const work = room.post(conversation, text);
    const pending = room.outbox.pending.find(({ body }) => body === text);
    if (pending === undefined) throw new Broken(`${text} is not in the outbox`);
    const readers = conversation.kind === 'lobby' ? null : [...conversation.memberIds];
    const written = { id: pending.id, text, authorId: room.me, tab: `${who}/${tab}`, readers, kept: false };
    this.#oracle.written.push(written);
    this.#trace.push(
      `${this.#clock.now.toFixed(1)} ${who}/${tab} writes ${text} to ${readers?.length ?? 'all'}`,
    );
    void work.then(() => (written.kept = true));
  }

  /** The last thing that one said to somebody. */
  #withdraw(page: Page, room: RoomState): void {
    for (const conversation of page.conversations) {
      const { id, kind, timeline } = conversation;
      const own = timeline.events.findLast(
        (event) => event.type === 'message.posted' && event.authorId === room.me && event.body !== null,
      );
      if (kind === 'lobby' || own === undefined || id === null) continue;
      room.withdraw(conversation, own.seq).then(
        () => this.#oracle.withdrew(id, own.seq),
        () => undefined,
      );
      return;
    }
  }

  #read(page: Page, room: RoomState, what: Extract<Use, { kind: 'read' }>['what']): void {
    const { random } = this.#clock;
    switch (what) {
      case 'lobby':
        return page.show(room.lobby);
      case 'direct': {
        const all = room.directs;
        const chosen = all[between(random, 0, all.length - 1)];
        return chosen === undefined ? undefined : page.show(chosen);
      }
      case 'start':
        return void page.goToStart();
      case 'up':
        return void page.scrollUp();
      case 'end':
        return void page.goToEnd();
      case 'away':
      case 'back':
        page.looks = what === 'back';
    }
  }
}
