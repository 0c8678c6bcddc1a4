import type { Language } from '../../server/protocol/entities.ts';

/** One form per plural category that English and French use; `#` stands for the number. */
export interface PluralForms {
  one: string;
  other: string;
}

/** British English: day before month, and 24 hours as on the rest of the page. */
const TAGS: Record<Language, string> = { en: 'en-GB', fr: 'fr-FR' };

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];

const DAY_MS = 86_400_000;

/** Everything about a language that `Intl` knows. Made once per language: its formatters are slow to make. */
export class Formats {
  readonly tag: string;
  readonly #rules: Intl.PluralRules;
  readonly #number: Intl.NumberFormat;
  readonly #list: Intl.ListFormat;
  readonly #time: Intl.DateTimeFormat;
  readonly #relative: Intl.RelativeTimeFormat;
  readonly #weekday: Intl.DateTimeFormat;
  readonly #date: Intl.DateTimeFormat;
  readonly #dateYear: Intl.DateTimeFormat;
  readonly #full: Intl.DateTimeFormat;
  readonly #units = new Map<string, Intl.NumberFormat>();

  constructor(language: Language) {
    const tag = TAGS[language];
    this.tag = tag;
    this.#rules = new Intl.PluralRules(tag);
    this.#number = new Intl.NumberFormat(tag);
    this.#list = new Intl.ListFormat(tag, { type: 'conjunction' });
    this.#time = new Intl.DateTimeFormat(tag, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    this.#relative = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' });
    this.#weekday = new Intl.DateTimeFormat(tag, { weekday: 'long' });
    this.#date = new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'long' });
    this.#dateYear = new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'long', year: 'numeric' });
    this.#full = new Intl.DateTimeFormat(tag, { dateStyle: 'full' });
  }

  /** French counts 0 as one: « 0 message ». */
  plural(n: number, { one, other }: PluralForms): string {
    const form = this.#rules.select(n) === 'one' ? one : other;
    return form.replaceAll('#', this.number(n));
  }

  number(n: number): string {
    return this.#number.format(n);
  }

  /** `2.4 MB`, `2,4 Mo`. Of a thousand each, as disks are sold and files are listed. */
  bytes(n: number): string {
    const at = Math.min(UNITS.length - 1, n < 1_000 ? 0 : Math.floor(Math.log10(n) / 3));
    const value = n / 1_000 ** at;
    const maximumFractionDigits = value < 10 && at > 0 ? 1 : 0;
    return this.#inUnit(UNITS[at] ?? 'byte', maximumFractionDigits).format(value);
  }

  #inUnit(unit: string, maximumFractionDigits: number): Intl.NumberFormat {
    const key = `${unit} ${maximumFractionDigits}`;
    let format = this.#units.get(key);
    if (format === undefined) {
      const unitDisplay = unit === 'byte' ? 'long' : 'short';
      format = new Intl.NumberFormat(this.tag, { style: 'unit', unit, unitDisplay, maximumFractionDigits });
      this.#units.set(key, format);
    }
    return format;
  }

  list(items: readonly string[]): string {
    return this.#list.format(items);
  }

  /** `18:42`. */
  time(at: number): string {
    return this.#time.format(at);
  }

  /** As part of a sentence: `today`, `yesterday`, `Friday`, `12 November`, `12 November 2024`. */
  relativeDay(at: number, now: number = Date.now()): string {
    const days = dayNumber(at) - dayNumber(now);
    if (days === 0 || days === -1) return this.#relative.format(days, 'day');
    if (days < 0 && days > -7) return this.#weekday.format(at);
    return new Date(at).getFullYear() === new Date(now).getFullYear()
      ? this.#date.format(at)
      : this.#dateYear.format(at);
  }

  /** As a heading: `Today`, `Yesterday`, `Friday`, `12 November`. */
  day(at: number, now: number = Date.now()): string {
    const text = this.relativeDay(at, now);
    return text.charAt(0).toLocaleUpperCase(this.tag) + text.slice(1);
  }

  /** `Monday 23 November 2026 at 18:42`-like, for the tip of a short time. */
  moment(at: number): string {
    return `${this.#full.format(at)}, ${this.time(at)}`;
  }
}

/** Days since some day, by the calendar on the wall: summer time makes days of 23 and 25 hours. */
function dayNumber(at: number): number {
  const date = new Date(at);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY_MS);
}

const formats = new Map<Language, Formats>();

export function formatsIn(language: Language): Formats {
  let found = formats.get(language);
  if (found === undefined) formats.set(language, (found = new Formats(language)));
  return found;
}
