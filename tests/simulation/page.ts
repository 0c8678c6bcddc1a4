import type { ConversationState } from '../../resources/state/conversation.ts';
import { toAddress } from '../../resources/state/destination.ts';
import type { RoomState } from '../../resources/state/room.ts';
import { Visit } from '../../resources/state/visit.ts';
import { Program, type Machine, type VirtualClock } from './clock.ts';
import type { Disk } from './disk.ts';
import type { LineOptions } from './line.ts';
import type { Network } from './network.ts';

/** How often a view that could not open tries again. In milliseconds. */
const RETRY_MS = 1_000;

export interface PageParts {
  clock: VirtualClock;
  machine: Machine;
  network: Network;
  disk: Disk;
  line: () => LineOptions;
}

/** One tab: the interface's own state, and a reader who opens a conversation once and stays at its end. */
export class Page {
  readonly program: Program;
  readonly visit: Visit;
  readonly #clock: VirtualClock;
  /** What was opened here, and whether the reader is still at the end. */
  readonly #opened = new Map<ConversationState, 'opening' | 'end' | 'elsewhere'>();
  #shown: ConversationState | null = null;
  /** Whether the window is in front: what arrives is read then. */
  looks = true;

  constructor({ clock, machine, network, disk, line }: PageParts) {
    this.#clock = clock;
    this.program = new Program(machine);
    this.visit = new Visit(
      {
        control: null,
        keep: disk.keepOf(this.program),
        openRoom: () => network.open(this.program, line()),
        stretch: () => Promise.reject(new Error('nobody signs up here')),
        device: 'a page',
        visiting: null,
      },
      toAddress('192.168.1.10:4870'),
      { language: () => 'en', knows: () => true, keyAt: () => null, ownerCode: () => null },
    );
    this.visit.subscribe(() => this.#look());
    this.do(() => void this.visit.begin(true));
  }

  get alive(): boolean {
    return this.program.alive;
  }

  /** The room, once somebody can write in it. */
  get room(): RoomState | null {
    const { room, status } = this.visit;
    return room !== null && (status === 'in' || status === 'lost') ? room : null;
  }

  /** All that there is of the room here. */
  get conversations(): ConversationState[] {
    const { room } = this.visit;
    return room === null ? [] : [room.lobby, ...room.directs.filter(({ id }) => id !== null)];
  }

  /** Those whose reader has not left the end. */
  get followed(): ConversationState[] {
    return [...this.#opened].filter(([, where]) => where === 'end').map(([conversation]) => conversation);
  }

  /** As an event of its own: what follows from it is this page's, too. */
  do(work: () => void): void {
    this.#clock.after(0, work, this.program);
  }

  show(conversation: ConversationState): void {
    this.#shown = conversation;
    if (this.#opened.has(conversation)) return this.#read(conversation);
    conversation.subscribe(() => this.#read(conversation));
    void this.#open(conversation);
  }

  /** Back to the latest message, as the button does. */
  async goToEnd(): Promise<void> {
    const conversation = this.#shown;
    if (conversation === null || this.#opened.get(conversation) === 'opening') return;
    try {
      await conversation.jumpToEnd();
      this.#opened.set(conversation, 'end');
    } catch {
      // Without the host one stays where one is.
    }
  }

  /** To the very beginning, and from there wherever one scrolls. */
  async goToStart(): Promise<void> {
    const conversation = this.#shown;
    if (conversation === null || this.#opened.get(conversation) === 'opening') return;
    this.#opened.set(conversation, 'elsewhere');
    await conversation.jumpToStart().catch(() => undefined);
  }

  async scrollUp(): Promise<void> {
    await this.#shown?.loadBefore(20).catch(() => undefined);
  }

  /** As an element opens it: until it is open, and never again. */
  async #open(conversation: ConversationState): Promise<void> {
    this.#opened.set(conversation, 'opening');
    for (;;) {
      if (this.visit.room?.connected === true || conversation.id === null) {
        await conversation.open().catch(() => undefined);
        if (conversation.id === null || !conversation.timeline.isEmpty) break;
      }
      await new Promise<void>((resolve) => void setTimeout(resolve, RETRY_MS));
    }
    this.#opened.set(conversation, 'end');
    this.#read(conversation);
  }

  #look(): void {
    const { room } = this.visit;
    if (room !== null && this.#shown === null) this.show(room.lobby);
  }

  #read(conversation: ConversationState): void {
    const isLooking = this.looks && this.#shown === conversation && this.visit.room?.connected === true;
    if (isLooking && this.#opened.get(conversation) === 'end' && conversation.atEnd) conversation.markRead();
  }
}
