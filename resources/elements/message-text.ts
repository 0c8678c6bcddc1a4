import { html, type TemplateResult } from 'lit';
import { LinkifyIt } from 'linkify-it';

// Only what is written as an address: `main.py` is a file, not a page in Paraguay.
const linkify = new LinkifyIt({ fuzzyLink: false, fuzzyEmail: true });

const MAY_HOLD_LINK = /:|@/;
const ALLOWED = /^(https?:\/\/|mailto:)/i;
/** Up to this many characters of nothing but emoji are shown larger. */
const EMOJI_LENGTH = 24;

/** A message's text with its links. `follow` hears of a press on one. */
export function messageText(body: string, follow: (event: Event) => void): (string | TemplateResult)[] {
  const matches = MAY_HOLD_LINK.test(body) ? (linkify.match(body) ?? []) : [];
  const parts: (string | TemplateResult)[] = [];
  let at = 0;
  for (const { index, lastIndex, url, raw } of matches) {
    if (!ALLOWED.test(url)) continue;
    if (index > at) parts.push(body.slice(at, index));
    parts.push(
      html`<a href=${url} target="_blank" rel="noopener noreferrer" tabindex="-1" @click=${follow}
        >${raw}</a
      >`,
    );
    at = lastIndex;
  }
  if (at < body.length) parts.push(body.slice(at));
  return parts;
}

export function isOnlyEmoji(body: string): boolean {
  return (
    body.length <= EMOJI_LENGTH &&
    /\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(body) &&
    /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|\ufe0f|\s)+$/u.test(body)
  );
}
