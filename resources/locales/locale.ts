import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Language } from '../../server/protocol/entities.ts';
import type { en } from './en.ts';
import { formatsIn, type PluralForms } from './formats.ts';

/** Every sentence of the interface. English is the shape; a language that lacks one does not compile. */
export type Dictionary = typeof en;

/** Each comes when it is first set: nobody waits for the sentences of a language that they do not read. */
const DICTIONARIES: Record<Language, () => Promise<Dictionary>> = {
  en: async () => (await import('./en.ts')).en,
  fr: async () => (await import('./fr.ts')).fr,
};

let dictionary: Dictionary | null = null;
let current: Language = 'en';
let wanted: Language | null = null;
const readers = new Set<() => void>();

/** The sentences of the language that is set: `t().welcome.hostRoom`. Read it in `render`, never keep it. */
export function t(): Dictionary {
  if (dictionary === null) throw new Error('No language has been set yet');
  return dictionary;
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

/**
 * Switches live: the page's `lang` and every element with a `LocaleController` follow, as soon as the sentences are
 * there. Without them (a page whose host is away) the language stays, and the next call tries again.
 */
export async function setLanguage(next: Language): Promise<void> {
  if (next === wanted) return;
  wanted = next;
  try {
    const sentences = await DICTIONARIES[next]();
    // Somebody may have chosen another one meanwhile.
    if (wanted === next) use(next, sentences);
  } catch (error) {
    if (wanted === next) wanted = dictionary === null ? null : current;
    throw error;
  }
}

/** Fetches the sentences of every language, so that a choice is followed even when the host is away. */
export async function loadLanguages(): Promise<void> {
  await Promise.all(Object.values(DICTIONARIES).map((load) => load()));
}

function use(next: Language, sentences: Dictionary): void {
  dictionary = sentences;
  current = next;
  // Written only when it changes: to a browser even the same language is a new style for the whole page.
  const page = typeof document === 'undefined' ? null : document.documentElement;
  if (page !== null && page.lang !== next) page.lang = next;
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
export const formatBytes = (n: number): string => formatsIn(current).bytes(n);
export const formatList = (items: readonly string[]): string => formatsIn(current).list(items);
export const formatTime = (at: number): string => formatsIn(current).time(at);
export const formatDay = (at: number, now?: number): string => formatsIn(current).day(at, now);
export const relativeDay = (at: number, now?: number): string => formatsIn(current).relativeDay(at, now);
export const formatMoment = (at: number): string => formatsIn(current).moment(at);
