import { setTimeout as pause } from 'node:timers/promises';
import { ulid } from 'ulid';
import type { WebSocket } from 'ws';
import { Connection, type RoomSocket } from '../../../server/client/connection.ts';
import { prove, type Stretch } from '../../../server/client/signing-in.ts';
import type { InputOf } from '../../../server/protocol/commands.ts';
import { PROTOCOL_VERSION, type Id } from '../../../server/protocol/entities.ts';
import type { LogEvent, MessagePosted } from '../../../server/protocol/events.ts';
import { bindingOf, openWebSocket } from '../socket.ts';
import { Chance } from './random.ts';
import { Stage, type Line } from './scenes.ts';
import type { SeededMember, SeededRoom } from './seed.ts';
import { nodeStretch, remembered } from './stretching.ts';

/** Live people: they come and go, type, write and answer, through the same protocol as everybody. */
export class Company {
  readonly #players: Player[];
  readonly #ids: ReadonlySet<Id>;
  readonly #lobby: Id;
  readonly #stage: Stage;
  readonly #chance: Chance;
  readonly #leaving = new AbortController();
  readonly #answered = new Set<Id>();
  #busy: Promise<unknown> = Promise.resolve();

  /** @param address `host:port` of a host of this room. Everybody lives but the owner, whose place is the visitor's. */
  constructor(address: string, { members, password, lobby, language }: SeededRoom, seed: number) {
    this.#chance = new Chance(seed + 1);
    this.#stage = new Stage(language, this.#chance);
    this.#lobby = lobby;
    const stretch = remembered(nodeStretch);
    this.#players = members.slice(1).map(
      (member) =>
        new Player(member, {
          address,
          password,
          stretch,
          hear: (player, event) => this.#hear(player, event),
        }),
    );
    this.#ids = new Set(this.#players.map(({ member }) => member.id));
  }

  /** Two thirds come in, and life begins. */
  async begin(): Promise<void> {
    const first = this.#chance.some(this.#players, Math.ceil(this.#players.length * 0.66));
    await Promise.all(first.map((player) => player.arrive()));
    this.#busy = Promise.all([this.#talk(), this.#comeAndGo()]);
  }

  async end(): Promise<void> {
    this.#leaving.abort();
    await this.#busy;
    for (const player of this.#players) player.leave();
  }

  get present(): Player[] {
    return this.#players.filter(({ isHere }) => isHere);
  }

  async #talk(): Promise<void> {
    await this.#untilTheEnd(async () => {
      await this.#wait(2_000, 6_000);
      const scene = this.#stage.lobby(this.present.map((player) => ({ ...player.member, player })));
      await this.#say(scene.map(({ by, text }) => ({ by: by.player, text })));
    });
  }

  async #say(lines: readonly Line<Player>[]): Promise<void> {
    for (const { by, text } of lines) {
      await by.tell('typing.tell', { conversationId: this.#lobby });
      await this.#wait(1_000, Math.min(5_000, 1_200 + text.length * 40));
      await by.tell('message.post', { id: ulid(), conversationId: this.#lobby, body: text });
      await this.#wait(600, 3_000);
    }
  }

  async #comeAndGo(): Promise<void> {
    await this.#untilTheEnd(async () => {
      await this.#wait(8_000, 25_000);
      const player = this.#chance.one(this.#players);
      if (!player.isHere) return player.arrive();
      if (this.#chance.odds(0.4))
        return player.tell('presence.set', { presence: this.#chance.one(['here', 'away']) });
      // Somebody has to stay, or nobody would talk.
      if (this.present.length > 2) player.leave();
    });
  }

  /** What a real person writes is read, and often answered. */
  #hear(player: Player, event: LogEvent): void {
    if (event.type !== 'message.posted' || this.#ids.has(event.authorId)) return;
    const inLobby = event.conversationId === this.#lobby;
    if (!inLobby) void this.#read(player, event);
    if (this.#answered.has(event.id) || (inLobby && !this.#chance.odds(0.1))) return;
    this.#answered.add(event.id);
    void this.#answer(player, event);
  }

  async #read(player: Player, { conversationId, seq }: MessagePosted): Promise<void> {
    await player.tell('conversation.mark', { conversationId, delivered: seq, read: 0 });
    await this.#wait(1_000, 2_500);
    await player.tell('conversation.mark', { conversationId, delivered: seq, read: seq });
  }

  async #answer(player: Player, { conversationId }: MessagePosted): Promise<void> {
    await this.#wait(2_500, 4_000);
    await player.tell('typing.tell', { conversationId });
    await this.#wait(1_500, 3_500);
    await player.tell('message.post', {
      id: ulid(),
      conversationId,
      body: this.#stage.reply(this.#chance.one(this.#players).member),
    });
  }

  async #untilTheEnd(work: () => Promise<void> | void): Promise<void> {
    while (!this.#leaving.signal.aborted) await work();
  }

  /** Cut short when everybody leaves. */
  async #wait(least: number, most: number): Promise<void> {
    await pause(this.#chance.between(least, most), undefined, { signal: this.#leaving.signal }).catch(
      () => undefined,
    );
  }
}

interface Surroundings {
  address: string;
  password: string;
  stretch: Stretch;
  hear: (player: Player, event: LogEvent) => void;
}

/** One of them: away, or connected and in the room. */
class Player {
  readonly member: SeededMember;
  readonly #surroundings: Surroundings;
  #socket: WebSocket | null = null;
  #connection: Connection | null = null;
  #token: string | null = null;
  isHere = false;

  constructor(member: SeededMember, surroundings: Surroundings) {
    this.member = member;
    this.#surroundings = surroundings;
  }

  async arrive(): Promise<void> {
    if (this.#connection !== null) return;
    try {
      const connection = await this.#connect();
      await connection.ask('hello', { protocol: PROTOCOL_VERSION, language: 'en', client: 'demo' });
      await this.#signIn(connection);
      await connection.ask('room.enter', {});
      this.isHere = true;
    } catch {
      // The room closes, or closed in between.
      this.leave();
    }
  }

  leave(): void {
    this.#connection?.close();
  }

  /** Whatever is not said is not missed: the room is only played. */
  async tell<C extends 'typing.tell' | 'message.post' | 'presence.set' | 'conversation.mark'>(
    command: C,
    input: InputOf<C>,
  ): Promise<void> {
    if (this.isHere) await this.#connection?.ask(command, input).catch(() => undefined);
  }

  async #connect(): Promise<Connection> {
    const { address, hear } = this.#surroundings;
    const socket = openWebSocket(address);
    this.#socket = socket;
    return new Promise((resolve, reject) => {
      const connection = new Connection(socket as unknown as RoomSocket, {
        opened: () => resolve(connection),
        event: (event) => hear(this, event),
        signal: () => undefined,
        goodbye: () => undefined,
        closed: (code) => {
          this.isHere = false;
          this.#connection = null;
          reject(new Error(`closed with ${code}`));
        },
      });
      this.#connection = connection;
    });
  }

  async #signIn(connection: Connection): Promise<void> {
    if (this.#token !== null) {
      await connection.ask('session.resume', { token: this.#token });
      return;
    }
    const { password: secret, stretch } = this.#surroundings;
    const { username } = this.member;
    const { signedIn } = await prove(
      connection,
      { purpose: 'signIn', username, secret, device: 'Demo' },
      stretch,
      this.#socket === null ? null : bindingOf(this.#socket),
    );
    this.#token = signedIn?.token ?? null;
  }
}
