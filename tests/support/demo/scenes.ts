import type { Language } from '../../../server/protocol/entities.ts';
import type { Role, Tongue } from './cast.ts';
import type { Chance } from './random.ts';
import { english } from './scenes-en.ts';
import { french } from './scenes-fr.ts';

/**
 * What people in the demo say. A scene is a few lines by parts A, B, C …, scenes are apart by an empty line, and
 * `{prop}` is one of the words of that kind, `{A}` the first name of whoever plays that part.
 */
export interface Script {
  roomName: string;
  words: Readonly<Record<string, readonly string[]>>;
  lobby: string;
  /** For four. */
  group: string;
  /** For two. */
  aside: string;
  /** Said to everybody, awaiting no answer. */
  solo: readonly string[];
  /** To a person who writes while the demo runs. */
  replies: readonly string[];
  tongues: Readonly<Record<Tongue, readonly string[]>>;
}

export interface Line<P> {
  by: P;
  text: string;
}

type Player = Pick<Role, 'firstName' | 'tongue'>;

/** Scenes, cast with whoever is there. */
export class Stage {
  readonly roomName: string;
  readonly #script: Script;
  readonly #language: Language;
  readonly #scenes: Readonly<Record<'lobby' | 'group' | 'aside', readonly string[][]>>;
  readonly #chance: Chance;

  constructor(language: Language, chance: Chance) {
    this.#script = language === 'fr' ? french : english;
    this.#language = language;
    this.#chance = chance;
    this.roomName = this.#script.roomName;
    const { lobby, group, aside } = this.#script;
    this.#scenes = { lobby: scenesOf(lobby), group: scenesOf(group), aside: scenesOf(aside) };
  }

  /** Something said to everybody by some of these people. */
  lobby<P extends Player>(people: readonly P[]): Line<P>[] {
    const { solo, tongues } = this.#script;
    const [speaker] = this.#chance.some(people, 1);
    if (speaker === undefined) return [];
    if (speaker.tongue !== null && this.#chance.odds(0.4)) {
      return [{ by: speaker, text: this.#chance.one(tongues[speaker.tongue]) }];
    }
    if (people.length < 2 || this.#chance.odds(0.25))
      return [{ by: speaker, text: this.#fill(this.#chance.one(solo), [speaker]) }];
    return this.#play('lobby', this.#chance.some(people, 4));
  }

  /** Something said in private, the first of these people beginning. */
  private<P extends Player>(people: readonly P[]): Line<P>[] {
    return this.#play(people.length > 2 ? 'group' : 'aside', people);
  }

  reply(someone: Player): string {
    return this.#fill(this.#chance.one(this.#script.replies), [someone]);
  }

  #play<P extends Player>(kind: 'lobby' | 'group' | 'aside', people: readonly P[]): Line<P>[] {
    return this.#chance.one(this.#scenes[kind]).flatMap((line) => {
      const part = line.charCodeAt(0) - 'A'.charCodeAt(0);
      // Fewer people than parts: somebody plays two.
      const by = people[part % people.length];
      return by === undefined ? [] : [{ by, text: this.#fill(line.slice(3), people) }];
    });
  }

  #fill(text: string, people: readonly Player[]): string {
    const filled = text.replaceAll('⏎', '\n').replace(/\{(\w+)\}/g, (_, word: string) => {
      const part = /^[A-D]$/.test(word) ? word.charCodeAt(0) - 'A'.charCodeAt(0) : -1;
      if (part >= 0) return people[part % people.length]?.firstName ?? '';
      return this.#chance.one(this.#script.words[word] ?? [word]);
    });
    const sentence = filled.replace(/^(?!https?:)\p{Ll}/u, (letter) => letter.toUpperCase());
    return this.#language === 'fr' ? frenchSpaces(sentence) : sentence;
  }
}

/** A narrow no-break space before `? ! : ;` and inside « ». */
function frenchSpaces(text: string): string {
  return text.replace(/ (?=[?!:;»])/g, '\u202f').replaceAll('« ', '«\u202f');
}

function scenesOf(text: string): string[][] {
  return text
    .trim()
    .split('\n\n')
    .map((scene) => scene.split('\n'));
}
