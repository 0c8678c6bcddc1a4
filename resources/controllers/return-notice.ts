import type { LitElement, ReactiveController } from 'lit';
import type { Id } from '../../server/protocol/entities.ts';
import { ShowNoticeEvent } from '../elements/room-events.ts';
import { plural, t } from '../locales/locale.ts';
import type { RoomState } from '../state/room.ts';
import type { Visit } from '../state/visit.ts';

interface Shown {
  room: RoomState;
  visit: Pick<Visit, 'status' | 'movedTo' | 'clearMoved'>;
}

/** Says that one is back, once what waited has gone out, and where, when the room has moved meanwhile. */
export class ReturnNotice implements ReactiveController {
  readonly #host: LitElement;
  readonly #shown: () => Shown;
  /** Messages that waited while the connection was lost; null while it is there. */
  #waited: ReadonlySet<Id> | null = null;

  constructor(host: LitElement, shown: () => Shown) {
    this.#host = host;
    this.#shown = shown;
    host.addController(this);
  }

  hostUpdated(): void {
    const { room, visit } = this.#shown();
    const waiting = room.outbox.pending.filter(({ state }) => state === 'waiting').map(({ id }) => id);
    if (visit.status !== 'in' || !room.connected) {
      this.#waited = new Set([...(this.#waited ?? []), ...waiting]);
      return;
    }
    const waited = this.#waited;
    if (waited === null || waiting.some((id) => waited.has(id))) return;
    this.#waited = null;
    this.#say(visit, waited.size);
  }

  #say(visit: Shown['visit'], sent: number): void {
    const { isBack, moved, sentCount } = t().room;
    const back = visit.movedTo === null ? isBack : moved(visit.movedTo);
    const text = sent === 0 ? back : `${back} ${plural(sent, sentCount)}`;
    if (visit.movedTo !== null) visit.clearMoved();
    this.#host.dispatchEvent(new ShowNoticeEvent('back', text, 'good'));
  }
}
