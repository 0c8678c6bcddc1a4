import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Language } from '../../server/protocol/entities.ts';
import { en } from './en.ts';
import { formatsIn, type PluralForms } from './formats.ts';
import { fr } from './fr.ts';

/** Every sentence of the interface. English is the shape; a language that lacks one does not compile. */
export type Dictionary = typeof en;

const DICTIONARIES: Record<Language, Dictionary> = { en, fr };

let current: Language = 'en';
const readers = new Set<() => void>();

/** The sentences of the language that is set: `t().welcome.hostRoom`. Read it in `render`, never keep it. */
export function t(): Dictionary {
  return DICTIONARIES[current];
}

export function language(): Language {
  return current;
}

/** The best language for this person when they have not chosen one. */
export function preferredLanguage(wanted: readonly string[] = navigator.languages): Language {
  for (const tag of wanted) {
    const spoken = tag.toLowerCase().split('-')[0];
    if (spoken === 'en' || spoken === 'fr') return spoken;
  }
  return 'en';
}

/** Switches live: the page's `lang` and every element with a `LocaleController` follow. */
export function setLanguage(next: Language): void {
  if (typeof document !== 'undefined') document.documentElement.lang = next;
  if (next === current) return;
  current = next;
  for (const changed of readers) changed();
}

/** Draws its element again when the language changes. */
export class LocaleController implements ReactiveController {
  readonly #changed: () => void;

  constructor(host: ReactiveControllerHost) {
    this.#changed = () => host.requestUpdate();
    host.addController(this);
  }

  hostConnected(): void {
    readers.add(this.#changed);
    // Missed while the element was not on the page.
    this.#changed();
  }

  hostDisconnected(): void {
    readers.delete(this.#changed);
  }
}

export const plural = (n: number, forms: PluralForms): string => formatsIn(current).plural(n, forms);
export const formatNumber = (n: number): string => formatsIn(current).number(n);
export const formatList = (items: readonly string[]): string => formatsIn(current).list(items);
export const formatTime = (at: number): string => formatsIn(current).time(at);
export const formatDay = (at: number, now?: number): string => formatsIn(current).day(at, now);
export const relativeDay = (at: number, now?: number): string => formatsIn(current).relativeDay(at, now);
export const formatMoment = (at: number): string => formatsIn(current).moment(at);
