import { ulid } from 'ulid';
import { ownAddresses } from '../server/addresses.ts';
import { freePort, openHost, PortTaken, type Host } from '../server/host.ts';
import type { ControlRefusalCode, Hosting } from '../server/protocol/control.ts';
import { LIMITS, type Id } from '../server/protocol/entities.ts';
import {
  DamagedDatabase,
  DirectoryInUse,
  NewerDatabase,
  UnwritableDirectory,
} from '../server/store/failures.ts';
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
}

export class HostMode {
  readonly #profile: Profile;
  readonly #pageDirectory: string;
  readonly #changed: (hosting: Hosting | null) => void;
  #host: Host | null = null;
  #since = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(profile: Profile, pageDirectory: string, changed: (hosting: Hosting | null) => void) {
    this.#profile = profile;
    this.#pageDirectory = pageDirectory;
    this.#changed = changed;
  }

  get hosting(): Hosting | null {
    if (this.#host === null) return null;
    return {
      roomId: this.#host.room.id,
      name: this.#host.room.name,
      port: this.#host.port,
      addresses: ownAddresses(),
      ownerCode: this.#host.ownerCode(),
      since: this.#since,
    };
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
    const known = this.#profile.recent.find(({ roomId }) => roomId === wish.roomId);
    const folder = known?.folder ?? ulid();
    try {
      const host: Host = await openHost({
        directory: this.#profile.roomDirectory(folder),
        name,
        port: wish.port,
        pageDirectory: this.#pageDirectory,
        // Only the room whose disk failed, not one that was opened since.
        onFailure: () => void this.#inTurn(() => (this.#host === host ? this.#close() : Promise.resolve())),
      });
      this.#host = host;
    } catch (error) {
      throw await refusalOf(error);
    }
    const { room, port } = this.#host;
    this.#since = Date.now();
    const address = `127.0.0.1:${port}`;
    this.#profile.remember({
      roomId: room.id,
      name: room.name,
      address,
      hosted: true,
      lastAt: this.#since,
      folder,
    });
    return this.#tell();
  }

  async #close(): Promise<void> {
    const host = this.#host;
    if (host === null) return;
    try {
      await host.close();
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
  if (error instanceof DamagedDatabase || error instanceof NewerDatabase) return new Refused('ROOM_DAMAGED');
  if (error instanceof UnwritableDirectory) return new Refused('NO_FOLDER');
  return error instanceof Error ? error : new Error(String(error));
}
