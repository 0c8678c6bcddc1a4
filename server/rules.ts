import type { Clock } from './clock.ts';
import { GUESTS_AT_MOST_MS, GuestTime } from './guests.ts';
import type { Hub } from './hub.ts';
import type { Id, RoomSettings } from './protocol/entities.ts';
import type { AsyncStore, SettingsChange } from './store/records.ts';

export interface RulesOptions {
  store: AsyncStore;
  hub: Hub;
  clock: Clock;
  /** As they are stored. */
  settings: RoomSettings;
  /** These guests' stay is over. */
  guestsEnded: (memberIds: readonly Id[]) => void;
  /** Whoever came by a door that is shut now has to go. */
  doorChanged: () => void;
  report: (error: unknown) => void;
}

/** Some of the settings, with the time for guests as a length. */
export interface RulesChange extends Pick<SettingsChange, 'access' | 'door'> {
  /** From now on, in milliseconds; null ends every guest's stay. */
  guestsForMs?: number | null | undefined;
}

/** Who may come in just now, and by which door. */
export class Rules {
  readonly #options: RulesOptions;
  readonly #guestTime: GuestTime;
  #settings: RoomSettings;
  #ending = false;

  constructor(options: RulesOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.#guestTime = new GuestTime(options.clock, () => void this.endIfTimeIsUp());
    this.#guestTime.set(options.settings.guestsUntil);
  }

  get settings(): RoomSettings {
    return this.#settings;
  }

  get letsGuestsIn(): boolean {
    return this.#guestTime.isOpen;
  }

  /** The store was read anew: a change that was refused may be there all the same. */
  reread(settings: RoomSettings): void {
    this.#settings = settings;
    this.#guestTime.set(settings.guestsUntil);
  }

  /** `by` is null for what the host was started with. What is left out stays as it is. */
  async change({ access, door, guestsForMs }: RulesChange, by: Id | null): Promise<RoomSettings> {
    const { clock } = this.#options;
    const guestsUntil =
      guestsForMs === undefined || guestsForMs === null
        ? guestsForMs
        : clock.now() + Math.min(guestsForMs, GUESTS_AT_MOST_MS);
    return this.#put({ access, door, guestsUntil }, by);
  }

  /** A failure is tried again in a second. */
  async endIfTimeIsUp(): Promise<void> {
    if (!this.#guestTime.isUp || this.#ending) return;
    this.#ending = true;
    try {
      await this.#put({ guestsUntil: null }, null);
    } catch (error) {
      this.#options.report(error);
    } finally {
      this.#ending = false;
    }
  }

  close(): void {
    this.#guestTime.close();
  }

  async #put(change: SettingsChange, by: Id | null): Promise<RoomSettings> {
    const { store, hub, clock, guestsEnded, doorChanged } = this.#options;
    const { settings, memberIds, published } = await store.changeSettings(change, by, clock.now());
    this.#settings = settings;
    this.#guestTime.set(settings.guestsUntil);
    guestsEnded(memberIds);
    doorChanged();
    hub.publish(published);
    hub.signal({ type: 'settings', settings }, null);
    return settings;
  }
}
