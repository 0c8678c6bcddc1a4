import type { Connection } from '../../server/client/connection.ts';
import type { Channel } from '../../server/protocol/entities.ts';
import { SalonError } from '../../server/protocol/errors.ts';
import type { RoomKeep } from './room-keep.ts';

/** What lets a member, or a guest, back in without a word. */
export interface Token {
  text: string;
  what: 'token' | 'guest';
}

/** The token of a visit, in memory and kept for the next page. */
export class Tokens {
  readonly #keep: RoomKeep;
  #current: Token | null = null;

  constructor(keep: RoomKeep) {
    this.#keep = keep;
  }

  get current(): Token | null {
    return this.#current;
  }

  async take(token: Token): Promise<void> {
    this.#current = token;
    await this.#keep.set(token.what, token.text);
    if (token.what === 'token') await this.#keep.set('guest', null);
  }

  async forget(): Promise<void> {
    const token = this.#current;
    this.#current = null;
    // Another window may have signed in anew since.
    if (token !== null && (await this.#keep.get(token.what)) === token.text)
      await this.#keep.set(token.what, null);
  }

  /** The one that there is, or that was kept. Through the simple door a member's could be overheard, so none goes that way. */
  async find(channel: Channel | undefined): Promise<Token | null> {
    if (this.#current !== null) return this.#current;
    for (const what of channel === 'simple' ? (['guest'] as const) : (['token', 'guest'] as const)) {
      const text = await this.#keep.get(what);
      if (typeof text === 'string') return (this.#current = { text, what });
    }
    return null;
  }

  /** Nobody heard the sign-out: the session is ended as soon as the room answers again. */
  async endLater(token: Token | null): Promise<void> {
    if (token?.what === 'token') await this.#keep.set('ended', token.text);
  }

  /** A sign-out that nobody heard is made good. */
  async endOld(connection: Connection, channel: Channel | undefined): Promise<void> {
    if (channel === 'simple') return;
    const token = await this.#keep.get('ended');
    if (token === null) return;
    try {
      await connection.ask('session.resume', { token });
      await connection.ask('account.signOut', {});
    } catch (error) {
      if (!(error instanceof SalonError)) throw error;
    }
    await this.#keep.set('ended', null);
  }
}
