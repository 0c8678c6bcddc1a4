import * as assert from 'uvu/assert';
import { isOnlyEmoji, messageText } from '../../resources/elements/message-text.ts';
import { readAddress } from '../../resources/state/private.ts';
import { guestUsername, readPersonName, readUsername } from '../../server/names.ts';
import { skeleton } from '../../server/names/skeleton.ts';
import { readBody } from '../../server/protocol/bodies.ts';
import { LIMITS } from '../../server/protocol/entities.ts';
import { SalonError } from '../../server/protocol/errors.ts';
import { usernameKey, utf8Length } from '../../server/protocol/names.ts';
import { storableText } from '../../server/store/database.ts';
import type { Target } from './guided.ts';

const NAMES = [
  'ada',
  'Élodie',
  'şĞıİi̇',
  'أحمد',
  'かな漢字',
  'ශ්‍රී',
  'Ͱͱ',
  'tout-le-monde',
  'a.b_c-1',
  'ﬁ',
  'ก็',
];
const ODD_TEXT = [
  '\u0301',
  '\u200d',
  '\u202e',
  '\u0000',
  '\ufeff',
  'ﷺ',
  '\u{1f600}',
  'İ',
  'ß',
  'ς',
  '１',
  '٣',
  '.',
  '-',
];

/** Names of people, as they are kept and compared. */
export const names: Target = {
  name: 'names',
  files: ['server/protocol/names.ts', 'server/names.ts', 'server/names/skeleton.ts'],
  seeds: NAMES,
  words: [...NAMES, ...ODD_TEXT],
  run(input) {
    // As long as the protocol lets them be.
    const typed = input.toString().slice(0, 200);
    orRefused(['NAME_INVALID'], () => {
      const { username, key, skeleton: looks } = readUsername(typed);
      assert.equal(readUsername(username), { username, key, skeleton: looks });
      assert.is(usernameKey(key), key);
      assert.is(skeleton(looks), looks);
      assert.is(storableText(username), username);
    });
    orRefused(['NAME_INVALID'], () => {
      const name = readPersonName(typed, 'name');
      assert.is(readPersonName(name, 'name'), name);
      assert.is(storableText(name), name);
      const made = guestUsername(name);
      // A number may come behind it.
      assert.is(readUsername(`${made}${made.endsWith('-') ? '' : '-'}2`).username.startsWith(made), true);
    });
  },
};

const BODIES = [
  'Meet at http://192.168.1.24:8000/notes?x=1#top, or write to ada@example.org.',
  'mailto:ada@example.org https://xn--bcher-kva.example/(a)[b]{c}"d" ftp://x.y javascript:alert(1) //z',
  '\u{1f600}\u{1f3fd}\u200d\u{1f4bb}',
  'a\r\nb\tc',
];

/** Bodies of messages, kept and shown. */
export const bodies: Target = {
  name: 'bodies',
  files: [
    'server/protocol/bodies.ts',
    'resources/elements/message-text.ts',
    'linkify-it/index.mjs',
    'linkify-it/lib/re.mjs',
  ],
  seeds: BODIES,
  words: ['http://', 'https://', 'mailto:', '@', 'javascript:', '//', ':', '.', '(', ')', ...ODD_TEXT],
  run(input) {
    orRefused(['BODY_EMPTY', 'BODY_TOO_LONG'], () => {
      const body = readBody(input.toString());
      assert.is(readBody(body), body);
      // The database leaves some invisible characters out; something to read remains.
      readBody(storableText(body));
      assert.ok([...body].length <= LIMITS.bodyCharacters && utf8Length(body) <= LIMITS.bodyBytes);
      isOnlyEmoji(body);
      let shown = '';
      for (const part of messageText(body, () => undefined)) {
        if (typeof part === 'string') {
          shown += part;
          continue;
        }
        const [href, , text] = part.values as [string, unknown, string];
        assert.match(href, /^(https?:\/\/|mailto:)/i);
        shown += text;
      }
      assert.is(shown, body);
    });
  },
};

const KNOWN = new Map(['ada', 'grace', 'élodie', 'a.b'].map((name) => [name, `id of ${name}`]));

/** Who a text is for. */
export const privateLines: Target = {
  name: 'private lines',
  files: ['resources/state/private.ts'],
  seeds: ['hello@ada', 'hello@ada@grace', '3 @ 2 €', 'x@y.fr', 'hi ＠Élodie  ', 'hello@nobody'],
  words: ['@', '＠', '﹫', ' ', '\n', '.fr', 'ada', 'grace', 'a.b', ...ODD_TEXT],
  run(input) {
    const line = input.toString();
    for (const dotted of [false, true]) {
      const read = readAddress(line, (key) => KNOWN.get(key) ?? null, dotted);
      if (read.kind !== 'private') continue;
      assert.ok(line.startsWith(read.text) && read.text.trim() !== '');
      assert.ok(read.memberIds.length > 0 && new Set(read.memberIds).size === read.memberIds.length);
      // Nobody whose name does not stand there.
      const rest = line
        .slice(read.text.length)
        .split(/[@＠﹫]/)
        .map((name) => usernameKey(name.trim()));
      const meant = new Set(rest.flatMap((key) => KNOWN.get(key) ?? []));
      assert.equal(new Set(read.memberIds), meant);
    }
  },
};

function orRefused(codes: readonly string[], work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof SalonError) || !codes.includes(error.code)) throw error;
  }
}
