import { rm } from 'node:fs/promises';
import { ulid } from 'ulid';
import { ownAddresses } from '../server/addresses.ts';
import { announceRoom, type Announcement } from '../server/announce.ts';
import { freePort, openHost, PortTaken, type Host } from '../server/host.ts';
import type { ControlRefusalCode, Hosting } from '../server/protocol/control.ts';
import { LIMITS, type Access, type Fingerprint, type Id } from '../server/protocol/entities.ts';
import {
  DamagedDatabase,
  DirectoryInUse,
  explainOpening,
  NewerDatabase,
  UnwritableDirectory,
} from '../server/store/failures.ts';
import { DamagedKey } from '../server/identity.ts';
import type { Profile } from './profile.ts';

/** Host mode: the room opens in this very process. */

/** A wish that cannot be granted, for the page: see `CONTROL_REFUSALS`. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: ControlRefusalCode;
  readonly detail: string;
  constructor(code: ControlRefusalCode, detail = '') {
    super(code);
    this.code = code;
    this.detail = detail;
  }
}

export interface Wish {
  roomId?: Id | undefined;
  name: string;
  port: number;
  /** Of a new room. */
  access?: Access | undefined;
}

export class HostMode {
  readonly #profile: Profile;
  readonly #pageDirectory: string;
  readonly #changed: (hosting: Hosting | null) => void;
  #host: Host | null = null;
  #announcement: Announcement | null = null;
  #since = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(profile: Profile, pageDirectory: string, changed: (hosting: Hosting | null) => void) {
    this.#profile = profile;
    this.#pageDirectory = pageDirectory;
    this.#changed = changed;
  }

  get hosting(): Hosting | null {
    if (this.#host === null) return null;
    const { restored } = this.#host;
    return {
      roomId: this.#host.room.id,
      name: this.#host.room.name,
      port: this.#host.port,
      fingerprint: this.#host.fingerprint,
      addresses: ownAddresses(),
      ownerCode: this.#host.ownerCode(),
      since: this.#since,
      online: this.#host.online(),
      restored: restored === null ? null : { from: restored.from, at: restored.at, aside: restored.aside },
    };
  }

  /** Of the room that is open here; null for none. */
  get fingerprint(): Fingerprint | null {
    return this.#host?.fingerprint ?? null;
  }

  /** How many knocks there were at the door of the room that is open here. */
  get knocks(): number {
    return this.#host?.knocks().reduce((sum, { times }) => sum + times, 0) ?? 0;
  }

  /** A new room, or with `roomId` one hosted before. @throws Refused. */
  open(wish: Wish): Promise<Hosting> {
    return this.#inTurn(() => this.#open(wish));
  }

  /** Members are told; what was acknowledged is on disk. */
  close(): Promise<void> {
    return this.#inTurn(() => this.#close());
  }

  async #open(wish: Wish): Promise<Hosting> {
    if (this.#host !== null) throw new Refused('ALREADY_HOSTING', this.#host.room.name);
    const name = wish.name.trim();
    if (name === '' || [...name].length > LIMITS.roomNameCharacters) throw new Refused('NAME_INVALID');
    const known = this.#profile.recent.find(
      // Anybody can give a room the same id, but not a folder here.
      ({ roomId, folder: its }) => roomId === wish.roomId && its !== undefined,
    );
    if (wish.roomId !== undefined && known === undefined) throw new Refused('ROOM_GONE');
    const folder = known?.folder ?? ulid();
    const directory = this.#profile.roomDirectory(folder);
    let opened: Host | null = null;
    try {
      const host: Host = await openHost({
        directory,
        name,
        port: wish.port,
        pageDirectory: this.#pageDirectory,
        access: wish.access,
        // Only the room whose disk failed, not one that was opened since.
        onFailure: () => void this.#inTurn(() => (this.#host === host ? this.#close() : Promise.resolve())),
      });
      opened = host;
      // Nobody would find a room again that is not in the list.
      this.#remember(host, folder);
    } catch (error) {
      await opened?.close().catch(() => undefined);
      // Of a room that never opened nothing stays; what was there before is not touched.
      if (known === undefined) await rm(directory, { recursive: true, force: true }).catch(() => undefined);
      throw await refusalOf(error);
    }
    const { room, port, fingerprint } = opened;
    this.#host = opened;
    this.#since = Date.now();
    this.#announcement = announceRoom({ fingerprint, port, name: room.name });
    return this.#tell();
  }

  /** @throws UnwritableDirectory. */
  #remember({ room, port, fingerprint }: Host, folder: Id): void {
    try {
      this.#profile.remember({
        roomId: room.id,
        name: room.name,
        fingerprint,
        addresses: [`127.0.0.1:${port}`],
        hosted: true,
        lastAt: Date.now(),
        folder,
      });
    } catch (error) {
      throw explainOpening(error);
    }
  }

  async #close(): Promise<void> {
    const host = this.#host;
    if (host === null) return;
    // Whoever dies while closing is not followed by one that opens it again.
    this.#changed(null);
    const announcement = this.#announcement;
    this.#announcement = null;
    try {
      await Promise.all([host.close(), announcement?.end()]);
    } finally {
      this.#host = null;
      this.#changed(null);
    }
  }

  /** One after the other: a room that is opening cannot be closed, nor the other way round. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  #tell(): Hosting {
    const { hosting } = this;
    if (hosting === null) throw new Refused('FAILED');
    this.#changed(hosting);
    return hosting;
  }
}

/** For a taken port, `detail` names the next free one. */
async function refusalOf(error: unknown): Promise<Error> {
  if (error instanceof PortTaken) return new Refused('PORT_TAKEN', String(await freePort(error.port + 1)));
  if (error instanceof DirectoryInUse) return new Refused('ROOM_BUSY');
  if (error instanceof DamagedDatabase || error instanceof NewerDatabase || error instanceof DamagedKey)
    return new Refused('ROOM_DAMAGED');
  if (error instanceof UnwritableDirectory) return new Refused('NO_FOLDER');
  return error instanceof Error ? error : new Error(String(error));
}
