import type { ReactiveController, ReactiveControllerHost } from 'lit';

export interface Region {
  element: HTMLElement;
  /** Where the focus goes the first time. */
  focus: () => void;
  isShown: boolean;
}

/** Goes from region to region of its element, back to where the focus was in each. */
export class Regions implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #regions: () => readonly Region[];
  readonly #last = new WeakMap<HTMLElement, HTMLElement>();
  #now: HTMLElement | null = null;

  constructor(host: ReactiveControllerHost & HTMLElement, regions: () => readonly Region[]) {
    this.#host = host;
    this.#regions = regions;
    host.addController(this);
  }

  /** What has the focus, or had it last. */
  get focused(): HTMLElement | null {
    return this.#now;
  }

  hostConnected(): void {
    this.#host.addEventListener('focusin', this.#focused);
  }

  hostDisconnected(): void {
    this.#host.removeEventListener('focusin', this.#focused);
  }

  /** False when there is nowhere to go. */
  go(by: 1 | -1): boolean {
    const shown = this.#regions().filter(({ isShown }) => isShown);
    const at = shown.findIndex(({ element }) => element === this.#regionWithFocus()?.element);
    const from = at === -1 && by === -1 ? 0 : at;
    const next = shown[(from + by + shown.length) % shown.length];
    if (next === undefined) return false;
    const last = this.#last.get(next.element);
    if (last?.isConnected === true && last.getClientRects().length > 0 && last.tabIndex >= 0) last.focus();
    else next.focus();
    return true;
  }

  #regionWithFocus(): Region | undefined {
    return this.#regions().find(({ element }) => element.matches(':focus-within'));
  }

  readonly #focused = (event: FocusEvent): void => {
    const path = event.composedPath();
    const target = path[0];
    if (!(target instanceof HTMLElement)) return;
    this.#now = target;
    const region = this.#regions().find(({ element }) => path.includes(element));
    if (region !== undefined) this.#last.set(region.element, target);
  };
}
