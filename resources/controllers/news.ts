import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Settings } from '../../server/protocol/control.ts';
import type { Seq } from '../../server/protocol/entities.ts';
import type { MessagePosted } from '../../server/protocol/events.ts';
import { messageWords } from '../elements/file-words.ts';
import { plural, t } from '../locales/locale.ts';
import type { NotificationText } from '../notifier.ts';
import type { ConversationState } from '../state/conversation.ts';
import type { RoomState } from '../state/room.ts';

/** A burst is one notification. In milliseconds. */
const GATHER_MS = 300;
/** From one notification to the next, in milliseconds: a lively room is not a drum. */
const PAUSE_MS = 5_000;

interface Item {
  conversation: ConversationState;
  message: MessagePosted;
}

export interface NewsDesk {
  room(): RoomState | null;
  settings(): Settings;
  /** Somebody has the page before them, and needs no notification. */
  isLookedAt(): boolean;
  show(notification: NotificationText, withSound: boolean): void;
}

/** Tells of messages that arrive while somebody looks elsewhere, one notification at a time. */
export class News implements ReactiveController {
  readonly #desk: NewsDesk;
  #room: RoomState | null = null;
  #stop: (() => void) | null = null;
  #held: Item[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #shownAt = -Infinity;

  constructor(host: ReactiveControllerHost, desk: NewsDesk) {
    this.#desk = desk;
    host.addController(this);
  }

  hostUpdate(): void {
    const room = this.#desk.room();
    if (room === this.#room) return;
    this.hostDisconnected();
    this.#room = room;
    this.#stop =
      room?.onMessage((conversation, event) => {
        if (event.type === 'message.posted') this.#hear({ conversation, message: event });
        else this.#drop(conversation, event.messageSeq);
      }) ?? null;
  }

  hostDisconnected(): void {
    this.#stop?.();
    this.#stop = this.#room = null;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#held = [];
  }

  #hear(item: Item): void {
    const { notify } = this.#desk.settings();
    const isWanted = notify === 'all' || (notify === 'private' && item.conversation.kind === 'direct');
    if (!isWanted || this.#desk.isLookedAt()) return;
    this.#held.push(item);
    const wait = Math.max(GATHER_MS, this.#shownAt + PAUSE_MS - performance.now());
    this.#timer ??= setTimeout(() => this.#tell(), wait);
  }

  /** Taken back before it was told of: it is not told of. */
  #drop(conversation: ConversationState, seq: Seq): void {
    this.#held = this.#held.filter((item) => item.conversation !== conversation || item.message.seq !== seq);
  }

  #tell(): void {
    this.#timer = undefined;
    // Read meanwhile, here or in another place of the same member's.
    const items = this.#held.filter(({ conversation, message }) => conversation.read < message.seq);
    this.#held = [];
    const [first] = items;
    if (this.#room === null || first === undefined || this.#desk.isLookedAt()) return;
    this.#shownAt = performance.now();
    const { notifySound } = this.#desk.settings();
    this.#desk.show(items.length === 1 ? this.#one(first, this.#room) : sum(items, this.#room), notifySound);
  }

  #one({ conversation, message }: Item, room: RoomState): NotificationText {
    const { inLobby, inPrivate, wrote, wrotePrivately } = t().desktop;
    const name = room.members.get(message.authorId)?.username ?? '';
    const isPrivate = conversation.kind === 'direct';
    const hidden = isPrivate ? wrotePrivately : wrote;
    return {
      title: isPrivate ? inPrivate(name) : inLobby(name, room.room.name),
      text:
        message.body === null || !this.#desk.settings().notifyText
          ? hidden
          : messageWords(message.body, message.file),
    };
  }
}

function sum(items: readonly Item[], room: RoomState): NotificationText {
  const { newMessages, newFrom, peopleCount } = t().room;
  const people = new Set(items.map(({ message }) => message.authorId)).size;
  return {
    title: room.room.name,
    text: newFrom(plural(items.length, newMessages), plural(people, peopleCount)),
  };
}
