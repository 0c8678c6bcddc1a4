import type { WebSocket } from 'ws';
import type { Duplex } from 'node:stream';
import { systemClock, type Clock } from '../../server/clock.ts';
import type { HostContext } from '../../server/commands/index.ts';
import { Departures } from '../../server/departures.ts';
import { Handling } from '../../server/handling.ts';
import { Hub } from '../../server/hub.ts';
import { Roster } from '../../server/people.ts';
import { Invites } from '../../server/invites.ts';
import { Knock } from '../../server/knocks.ts';
import { Buckets, ROOM_LIMITS, WrongTries } from '../../server/limits.ts';
import { Turn } from '../../server/outgoing.ts';
import { Proofs } from '../../server/proofs.ts';
import type { Fingerprint } from '../../server/protocol/entities.ts';
import { SalonError } from '../../server/protocol/errors.ts';
import { Rules } from '../../server/rules.ts';
import { Session } from '../../server/session.ts';
import type { AsyncStore, StoredRoom } from '../../server/store/records.ts';
import { Whereabouts } from '../../server/whereabouts.ts';
import type { Program } from './clock.ts';
import type { Line } from './line.ts';
import type { Door } from './network.ts';

export const FINGERPRINT: Fingerprint = 'f'.repeat(43);
const ADDRESS = { address: '192.168.1.10', card: 'eth0', kind: 'ethernet', loopback: false } as const;
const PORT = 4870;

export interface HostParts {
  program: Program;
  store: AsyncStore;
  room: StoredRoom;
  /** Somebody found a bug: everything that is no refusal. */
  bug: (error: unknown) => void;
  /** For those who want to see what a broken hub would do. */
  hub?: (clock: Clock, turn: Turn) => Hub;
}

/**
 * The host without its sockets, its files and its thread: sessions, hub, commands and rules are the real ones, put
 * together as `server/host.ts` does it.
 */
export class SimulatedHost implements Door {
  readonly program: Program;
  readonly hub: Hub;
  readonly #context: HostContext;
  readonly #sessions = new Set<Session>();
  readonly #turn = new Turn();
  readonly #clocks: { close(): void }[] = [];
  readonly #handling = new Handling();
  #closing = false;

  constructor({
    program,
    store,
    room,
    bug,
    hub: makeHub = (clock, turn) => new Hub(clock, turn),
  }: HostParts) {
    const { settings, name: roomName } = room;
    this.program = program;
    const clock = systemClock;
    const hub = makeHub(clock, this.#turn);
    this.hub = hub;
    const departures = new Departures(this.#sessions);
    const report = (error: unknown): SalonError => {
      if (error instanceof SalonError) return error;
      bug(error);
      return new SalonError('INTERNAL');
    };
    const whereabouts = new Whereabouts({
      clock,
      port: () => PORT,
      only: undefined,
      cards: () => [ADDRESS],
      changed: () => undefined,
    });
    const rules = new Rules({
      store,
      hub,
      clock,
      settings,
      guestsEnded: () => undefined,
      doorChanged: () => undefined,
      report,
    });
    const watching = clock.every(1_000, () => this.#sessions.forEach((session) => session.watch()));
    this.#clocks.push(hub, whereabouts, rules, { close: watching });
    const wrongTries = new WrongTries(20, clock);
    const secret = new Uint8Array(32);
    this.#context = {
      store,
      // Simulated people send none.
      files: { begin: noFiles, write: noFiles, read: noFiles, drop: noFiles },
      roster: new Roster(store, hub),
      hub,
      clock,
      rules,
      whereabouts,
      limits: ROOM_LIMITS,
      signUps: new Buckets(ROOM_LIMITS.signUps, clock),
      proofs: new Proofs(store, clock, secret, wrongTries),
      invites: new Invites(store, clock, secret, FINGERPRINT, wrongTries),
      fingerprint: FINGERPRINT,
      certificateHash: '',
      roomName,
      port: () => PORT,
      knocks: () => [],
      isOwnerCode: () => false,
      ownerArrived: () => undefined,
      isClosing: () => this.#closing,
      handling: this.#handling,
      report,
      endSessions: (ids) => {
        for (const session of this.#sessions)
          if (session.sessionId !== null && ids.includes(session.sessionId)) session.end('sessionEnded');
      },
      sendAway: (ids, reason) => departures.sendAway(ids, reason),
      without: (memberId, reason, work) => departures.without(memberId, reason, work),
      isLeaving: (memberId) => departures.has(memberId),
      left: (session) => this.#sessions.delete(session),
    };
  }

  arrived(line: Line): void {
    if (this.#closing) return line.socket.close(1001);
    const arrival = {
      socket: line.socket as unknown as WebSocket,
      stream: line.stream as unknown as Duplex,
      address: '192.168.1.20',
      channel: 'encrypted',
      knock: new Knock(systemClock.now(), '192.168.1.20'),
    } as const;
    this.#sessions.add(new Session(arrival, this.#turn, this.#context));
  }

  /** Members are told, and what is being handled is finished, in three seconds at the most. */
  async close(): Promise<void> {
    this.#closing = true;
    await atMost(1_000, this.#handling.over());
    for (const session of this.#sessions) session.end('closing');
    for (let waitedMs = 0; this.#sessions.size > 0 && waitedMs < 1_000; waitedMs += 10) await wait(10);
    for (const session of this.#sessions) session.terminate();
    for (const one of this.#clocks) one.close();
  }
}

const wait = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));
const atMost = (ms: number, work: Promise<unknown>) => Promise.race([work, wait(ms)]);

function noFiles(): Promise<never> {
  return Promise.reject(new SalonError('FILE_SPACE'));
}
