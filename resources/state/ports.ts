import type { RoomSocket } from '../../server/client/connection.ts';
import type { Stretch } from '../../server/client/signing-in.ts';
import type {
  ControlInput,
  ControlName,
  ControlResult,
  DroppedFile,
  Hosting,
  Nearby,
  Target,
} from '../../server/protocol/control.ts';
import type { Diagnosis } from '../../server/protocol/diagnosis.ts';
import type { Fingerprint } from '../../server/protocol/entities.ts';
import type { Destination } from './destination.ts';

/** What the state asks of the place it runs in: a window with its extension, a browser, or a test. */

/** Small texts that survive a restart. */
export interface Keep {
  all(prefix: string): Promise<[key: string, value: string][]>;
  /** Resolves once it is as safe as this place can make it. Null removes. */
  set(key: string, value: string | null): Promise<void>;
}

/** `down`: it may come back. `gone`: it does not, by itself. `elsewhere`: another window took this one's place. */
export type Link = 'up' | 'down' | 'gone' | 'elsewhere';

/** The line to the extension; only a window has one. */
export interface Control {
  /** @throws ControlRefused. */
  ask<C extends ControlName>(command: C, input: ControlInput<C>): Promise<ControlResult<C>>;
  /** The answer undoes it. */
  onHosting(listener: (hosting: Hosting | null) => void): () => void;
  onNearby(listener: (nearby: Nearby) => void): () => void;
  /** Salon was opened with this join code while the page was there already. */
  onOpened(listener: (typed: string) => void): () => void;
  /** Files were dropped on the window, which the page was not shown: all that was dropped, or not. */
  onDropped(listener: (files: readonly DroppedFile[], areAll: boolean) => void): () => void;
  onLink(listener: (link: Link) => void): () => void;
}

/** Who is at the other end, as the extension saw it in the TLS handshake. */
export interface RoomChannel {
  fingerprint: Fingerprint;
  /** `host:port`. */
  address: string;
  /** The TLS exporter: what ties a proof to this very channel. */
  binding: Uint8Array;
}

/** A room's socket, and what is known of the way it took. */
export interface ChannelSocket extends RoomSocket {
  /** Known once it is open. A browser never knows: it shows a page neither key nor exporter. */
  readonly channel: RoomChannel | null;
  /** Why it never opened, if somebody found out. */
  readonly diagnosis: Diagnosis | null;
}

export interface Surroundings {
  /** Null in a plain browser. */
  control: Control | null;
  keep: Keep;
  /** A browser only ever goes to the host of its own page, whatever is meant. */
  openRoom(target: Target): ChannelSocket;
  stretch: Stretch;
  /** Which room a reload of the page comes back to. Forgotten when the window closes. */
  visiting: Destination | null;
  /** How this place is called in the list of sessions: "Firefox on Linux". */
  device: string;
}
