import type { RoomSocket } from '../../server/client/connection.ts';
import type { Stretch } from '../../server/client/signing-in.ts';
import type { ControlInput, ControlName, ControlResult, Hosting } from '../../server/protocol/control.ts';

/** What the state asks of the place it runs in: a window with its extension, a browser, or a test. */

/** Small texts that survive a restart. */
export interface Keep {
  all(prefix: string): Promise<[key: string, value: string][]>;
  /** Resolves once it is as safe as this place can make it. Null removes. */
  set(key: string, value: string | null): Promise<void>;
}

/** `elsewhere`: another window took this one's place. */
export type Link = 'up' | 'down' | 'elsewhere';

/** The line to the extension; only a window has one. */
export interface Control {
  /** @throws ControlRefused. */
  ask<C extends ControlName>(command: C, input: ControlInput<C>): Promise<ControlResult<C>>;
  /** The answer undoes it. */
  onHosting(listener: (hosting: Hosting | null) => void): () => void;
  onLink(listener: (link: Link) => void): () => void;
}

export interface Surroundings {
  /** Null in a plain browser. */
  control: Control | null;
  keep: Keep;
  /** `address` is `host:port`. */
  openRoom(address: string): RoomSocket;
  stretch: Stretch;
  /** Which room a reload of the page comes back to: an address, or null. Forgotten when the window closes. */
  visiting: string | null;
  /** How this place is called in the list of sessions: "Firefox on Linux". */
  device: string;
}
