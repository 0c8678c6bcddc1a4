import { readersLanguage } from '../server/language.ts';
import type { Language } from '../server/protocol/entities.ts';
import { openLink } from './desktop/open.ts';

interface Words {
  opened: string;
  here: string;
  already: string;
  alreadyInWindow: string;
}

const WORDS: Record<Language, Words> = {
  en: {
    opened: 'Salon is open in your browser. Closing this window, or Ctrl-C, ends it. Its page:',
    here: 'No browser could be opened. Closing this window, or Ctrl-C, ends Salon. Open its page yourself:',
    already: 'Salon is open already. Its page:',
    alreadyInWindow: 'Salon is open already, in a window of its own.',
  },
  fr: {
    opened: 'Salon est ouvert dans votre navigateur. Fermer cette fenêtre, ou Ctrl-C, y met fin. Sa page :',
    here: 'Aucun navigateur n’a pu être ouvert. Fermer cette fenêtre, ou Ctrl-C, met fin à Salon. Ouvrez sa page vous-même :',
    already: 'Salon est déjà ouvert. Sa page :',
    alreadyInWindow: 'Salon est déjà ouvert, dans sa propre fenêtre.',
  },
};

/** To a program that started us: one line of JSON. The address holds the page's token, and is for this person only. */
export function tellProgram(url: string | null): Promise<void> {
  return say(JSON.stringify({ url }));
}

/** To a person who started us without a window: opens the page, and says where it is. */
export async function tellPerson(url: string): Promise<void> {
  const words = WORDS[readersLanguage(process.env)];
  const isOpened = hasScreen() && (await openLink(url));
  await say(`${isOpened ? words.opened : words.here}\n${url}`);
}

/** The same to somebody whose Salon runs already; without a page it has a window, which has come forward. */
export async function tellPersonAgain(url: string | null): Promise<void> {
  const words = WORDS[readersLanguage(process.env)];
  if (url === null) return say(words.alreadyInWindow);
  if (hasScreen()) await openLink(url);
  await say(`${words.already}\n${url}`);
}

/** Resolves when it is out, for whoever is about to end. */
function say(line: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(`${line}\n`, () => resolve()));
}

/** Only X and Wayland can tell; elsewhere there is one. */
function hasScreen(): boolean {
  if (process.platform !== 'linux') return true;
  return [process.env['DISPLAY'], process.env['WAYLAND_DISPLAY']].some(Boolean);
}
