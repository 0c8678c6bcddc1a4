import { readersLanguage } from '../server/language.ts';
import type { Language } from '../server/protocol/entities.ts';
import { openLink } from './link.ts';

const WORDS: Record<Language, { opened: string; here: string }> = {
  en: {
    opened: 'Salon is open in your browser. Closing this window, or Ctrl-C, ends it. Its page:',
    here: 'No browser could be opened. Closing this window, or Ctrl-C, ends Salon. Open its page yourself:',
  },
  fr: {
    opened: 'Salon est ouvert dans votre navigateur. Fermer cette fenêtre, ou Ctrl-C, y met fin. Sa page :',
    here: 'Aucun navigateur n’a pu être ouvert. Fermer cette fenêtre, ou Ctrl-C, met fin à Salon. Ouvrez sa page vous-même :',
  },
};

/**
 * Says where the page is, to whoever started us without a window: as JSON to a program, and otherwise by opening it.
 * The address holds the page's token, and is for this person only.
 */
export async function tellPage(url: string, isToOpen: boolean): Promise<void> {
  if (!isToOpen) {
    process.stdout.write(`${JSON.stringify({ url })}\n`);
    return;
  }
  const words = WORDS[readersLanguage(process.env)];
  const isOpened = hasScreen() && (await openLink(url));
  process.stdout.write(`${isOpened ? words.opened : words.here}\n${url}\n`);
}

/** Only X and Wayland can tell; elsewhere there is one. */
function hasScreen(): boolean {
  if (process.platform !== 'linux') return true;
  return [process.env['DISPLAY'], process.env['WAYLAND_DISPLAY']].some(Boolean);
}
