import { ulid } from 'ulid';
import { Connection, type RoomSocket } from '../../server/client/connection.ts';
import type { ResultOf } from '../../server/protocol/commands.ts';
import type {
  Conversation,
  Id,
  Member,
  Presence,
  Restoration,
  Role,
  Room,
  RoomSettings,
  Seq,
} from '../../server/protocol/entities.ts';
import type { LogEvent, Signal } from '../../server/protocol/events.ts';
import type { Surroundings } from '../../resources/state/ports.ts';
import { RoomState } from '../../resources/state/room.ts';
import { FINGERPRINT, PretendDoor } from './door.ts';

const MINUTE = 60_000;

interface Log {
  id: Id;
  memberIds: Id[];
  events: LogEvent[];
  read: Seq;
  receipts: { memberId: Id; delivered: Seq; read: Seq }[];
}

interface Asked {
  id: number;
  command: string;
  input: Record<string, unknown>;
}

/** A host in the page itself, for looking at the room without one: it answers on a socket like the real one. */
export class PretendHost {
  readonly room: Room;
  readonly members = new Map<Id, Member>();
  readonly logs: Log[] = [];
  readonly lobby: Log;
  /** Of the room's log; another one after a copy took its place. */
  epoch = '01J8ZQ4T7N9X5C2V6B3M1K0H0E';
  me: Id = '';
  settings: RoomSettings = { access: 'open', door: 'none', guestsUntil: null };
  readonly door = new PretendDoor(() => this.room.name);
  /** Answers come this late, in milliseconds. */
  delay = 20;
  /** Posts are refused with this. */
  refusal: string | null = null;
  /** Nobody answers posts. */
  isSilent = false;
  #socket: RoomSocket | null = null;
  #clock: number;
  #restored: Restoration | null = null;

  constructor(name: string, now: number) {
    this.#clock = now;
    this.room = { id: '01J8ZQ4T7N9X5C2V6B3M1K0H0R', name, openedAt: now - 20 * 24 * 60 * MINUTE };
    this.lobby = this.begin([]);
  }

  member(username: string, names: string, presence: Presence, role: Role = 'member', seen = 9 * 60): Id {
    const [firstName = '', lastName = ''] = names.split(' ');
    const id = ulid();
    const lastSeenAt = presence === 'offline' ? this.#clock - seen * MINUTE : this.#clock;
    this.members.set(id, {
      id,
      username,
      firstName,
      lastName,
      role,
      joinedAt: 0,
      lastSeenAt,
      leftAt: null,
      presence,
    });
    if (this.me === '') this.me = id;
    return id;
  }

  begin(memberIds: Id[]): Log {
    const id = ulid();
    const log: Log = {
      id,
      memberIds,
      events: [],
      read: 0,
      receipts: memberIds
        .filter((member) => member !== this.me)
        .map((memberId) => ({ memberId, delivered: 0, read: 0 })),
    };
    this.logs.push(log);
    this.#add(
      log,
      { type: 'conversation.opened', authorId: memberIds[0] ?? null, memberIds },
      this.#clock - 20 * 24 * 60 * MINUTE,
    );
    return log;
  }

  /** `ago` is in minutes. */
  say(log: Log, authorId: Id, body: string | null, ago = 0, id = ulid()): LogEvent {
    return this.#add(log, { type: 'message.posted', authorId, id, body }, this.#clock - ago * MINUTE);
  }

  joined(memberId: Id, ago: number): void {
    const member = this.members.get(memberId);
    if (member !== undefined)
      this.#add(
        this.lobby,
        { type: 'member.joined', authorId: memberId, member },
        this.#clock - ago * MINUTE,
      );
  }

  renamed(memberId: Id, from: string, to: string, ago: number): void {
    this.#add(
      this.lobby,
      { type: 'member.renamed', authorId: memberId, from, to },
      this.#clock - ago * MINUTE,
    );
  }

  /** A guest's stay is over. */
  ended(memberId: Id, ago = 0): void {
    const member = this.members.get(memberId);
    const at = this.#clock - ago * MINUTE;
    if (member !== undefined) this.members.set(memberId, { ...member, leftAt: at, presence: 'offline' });
    this.#add(this.lobby, { type: 'guest.ended', authorId: memberId }, at);
  }

  signal(signal: Signal): void {
    this.#send({ t: 'signal', signal });
  }

  /** The room as its member comes in. */
  enter(): RoomState {
    const told = this.#snapshot();
    const room = new RoomState(surroundings, told);
    room.enter(this.connect(room), told);
    return room;
  }

  comeBack(room: RoomState): void {
    room.enter(this.connect(room), this.#snapshot());
  }

  /** The room goes on from a copy that is so many minutes old. */
  restore(room: RoomState, minutes: number): void {
    const from = this.#clock - minutes * MINUTE;
    this.#restored = { from, at: this.#clock };
    this.epoch = '01J8ZQ4T7N9X5C2V6B3M1K0H0F';
    room.leave();
    for (const log of this.logs) log.events.splice(log.events.findLastIndex(({ at }) => at <= from) + 1);
    this.comeBack(room);
  }

  #snapshot(): ResultOf<'room.enter'> {
    return {
      room: this.room,
      epoch: this.epoch,
      restored: this.#restored,
      me: this.me,
      sessionId: '01J8ZQ4T7N9X5C2V6B3M1K0H0S',
      members: [...this.members.values()],
      formerNames: [],
      conversations: this.logs.map((log) => this.#told(log)),
      now: Date.now(),
      settings: this.settings,
      fingerprint: FINGERPRINT,
      addresses: ['192.168.1.24:4870'],
    };
  }

  connect(room: RoomState): Connection {
    const socket: RoomSocket = {
      onopen: null,
      onmessage: null,
      onclose: null,
      onerror: null,
      send: (text) => void setTimeout(() => this.#hear(JSON.parse(text) as Asked), this.delay),
      close: () => undefined,
    };
    this.#socket = socket;
    return new Connection(socket, {
      opened: () => undefined,
      event: (event) => room.hearEvent(event),
      signal: (signal) => room.hearSignal(signal),
      goodbye: () => undefined,
      closed: () => room.leave(),
    });
  }

  #told(log: Log): Conversation {
    const head = log.events.length;
    return {
      id: log.id,
      kind: log === this.lobby ? 'lobby' : 'direct',
      memberIds: log.memberIds,
      first: 1,
      head,
      lastAt: log.events.at(-1)?.at ?? 0,
      read: log.read,
      unread: log.events.filter(
        (event) => event.seq > log.read && event.type === 'message.posted' && event.authorId !== this.me,
      ).length,
      receipts: log.receipts,
    };
  }

  #add(log: Log, what: object, at: number): LogEvent {
    const event = { ...what, conversationId: log.id, seq: log.events.length + 1, at } as LogEvent;
    log.events.push(event);
    this.#send({ t: 'event', event });
    return event;
  }

  #send(frame: object) {
    this.#socket?.onmessage?.({ data: JSON.stringify(frame) });
  }

  #hear({ id, command, input }: Asked) {
    if (this.isSilent && command === 'message.post') return;
    const refused = command === 'message.post' ? this.refusal : null;
    if (refused !== null) return this.#send({ t: 'refused', id, code: refused, retry: false, text: '' });
    const result = this.#answer(command, input);
    if (result === null) return this.#send({ t: 'refused', id, code: 'BAD_LOGIN', retry: false, text: '' });
    this.#send({ t: 'answer', id, result });
  }

  #answer(command: string, input: Record<string, unknown>): object | null {
    const log = this.logs.find((each) => each.id === input['conversationId']);
    switch (command) {
      case 'history.page': {
        const events = log?.events ?? [];
        const limit = Number(input['limit']);
        const { before, after } = input as { before?: number; after?: number };
        const page =
          before === undefined
            ? events.slice(after ?? 0, (after ?? 0) + limit)
            : events.slice(Math.max(0, before - 1 - limit), before - 1);
        return { events: page, head: events.length };
      }
      case 'message.post': {
        const to = [...new Set([...((input['to'] as Id[] | undefined) ?? []), this.me])].toSorted();
        const target =
          log ?? this.logs.find((each) => each.memberIds.toSorted().join() === to.join()) ?? this.begin(to);
        this.#clock = Math.max(this.#clock, Date.now());
        const { seq, at } = this.say(target, this.me, String(input['body']), 0, String(input['id']));
        return { conversationId: target.id, seq, at };
      }
      case 'message.withdraw': {
        if (log !== undefined)
          this.#add(
            log,
            { type: 'message.withdrawn', authorId: this.me, messageSeq: input['seq'] },
            Date.now(),
          );
        return {};
      }
      case 'username.check': {
        const taken = [...this.members.values()].some(({ username }) => username === input['username']);
        return { username: input['username'], problem: taken ? 'taken' : null };
      }
      case 'account.rename':
        this.renamed(this.me, this.members.get(this.me)?.username ?? '', String(input['username']), 0);
        return { username: input['username'] };
      case 'session.list':
        return {
          sessions: ['Salon on Debian', 'Firefox on Android', 'Chrome on Windows'].map((device, index) => ({
            id: ulid(),
            device,
            createdAt: 0,
            lastSeenAt: Date.now() - index * 1_400 * MINUTE,
            current: index === 0,
            online: index < 2,
          })),
        };
      case 'resetCode.create':
        return { expiresAt: Date.now() + 15 * MINUTE };
      case 'audit.list': {
        if (input['before'] !== undefined) return { entries: [] };
        const [owner, other] = [...this.members.keys()];
        const lines = [
          ['invite.created', owner, null, ''],
          ['guest.entered', null, other, ''],
          ['room.changed', owner, null, 'access=invited door=simple guestsUntil=2026-11-23T23:00:00.000Z'],
          ['member.removed', owner, other, ''],
          ['member.banned', owner, other, ''],
          ['ban.lifted', owner, other, ''],
          ['guest.ended', null, other, ''],
          ['invite.revoked', owner, null, ''],
          ['resetCode.created', owner, other, ''],
          ['password.reset', other, other, ''],
          ['member.renamed', other, null, 'ismail12 → ismail001'],
          ['member.joined', other, null, ''],
          ['room.opened', null, null, ''],
        ];
        return {
          entries: lines.map(([action, actorId, targetId, detail], index) => ({
            id: 90 - index,
            at: Date.now() - index * 700 * MINUTE,
            action,
            actorId,
            targetId,
            detail,
          })),
        };
      }
      case 'room.change':
        this.settings = this.door.change(this.settings, input);
        this.signal({ type: 'settings', settings: this.settings });
        if (input['guestsForMs'] === null) this.#endStays();
        return this.settings;
      case 'member.remove':
        this.ended(String(input['memberId']));
        return {};
      case 'proof.start':
        return null;
      default: {
        const answer = this.door.answer(command, input, [...this.members.keys()]);
        return answer ?? {};
      }
    }
  }

  #endStays() {
    for (const { id, role, leftAt } of [...this.members.values()]) {
      if (role === 'guest' && leftAt === null) this.ended(id);
    }
  }
}

const kept = new Map<string, string>();

const surroundings: Surroundings = {
  control: null,
  keep: {
    all: (prefix) => Promise.resolve([...kept].filter(([key]) => key.startsWith(prefix))),
    set: (key, value) => {
      if (value === null) kept.delete(key);
      else kept.set(key, value);
      return Promise.resolve();
    },
  },
  openRoom: () => {
    throw new Error('there is no other room');
  },
  stretch: () => Promise.resolve(new Uint8Array(32)),
  visiting: null,
  device: 'Gallery',
};
