import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findJoin, salonLink, writeJoinCode, writeSpoken } from '../../server/protocol/invite.ts';
import { joinText, pastedJoin, readInvitation } from '../../resources/state/join-text.ts';

/** What comes to the field by itself: pasted beside it, dropped, or read from a file. */

const coming = suite('What comes to the address field');

const fingerprint = 'q'.repeat(43);
const code = writeJoinCode({
  fingerprint,
  addresses: [{ host: '192.168.1.24', port: 4870 }],
  id: '01J8ZQ4T7N9X5C2V6B3M1K0H11',
  secret: 'AAAAAAAAAAAAAAAAAAAAAA',
  role: 'member',
  expiresAt: null,
  uses: null,
  room: 'Petit Théâtre',
});
const spoken = writeSpoken(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), fingerprint);

coming('is a link, a code or what looks like an address, but not any word', () => {
  assert.is(pastedJoin(salonLink(code))?.kind, 'code');
  assert.is(pastedJoin(spoken)?.kind, 'spoken');
  assert.is(pastedJoin('192.168.1.24')?.kind, 'address');
  assert.is(pastedJoin('http://atelier:4870/')?.kind, 'address');
  assert.is(pastedJoin('bonjour'), null);
  assert.is(pastedJoin('see you at 10.30'), null);
});

coming('is told of when a letter of it is wrong', () => {
  assert.is(
    pastedJoin(salonLink(`${code.slice(0, -1)}${code.endsWith('A') ? 'B' : 'A'}`))?.kind,
    'unreadable',
  );
});

coming('is found in a file, wherever it stands there', async () => {
  const file = new Blob([`Petit Théâtre\n\nOpen Salon and paste this:\n\n${salonLink(code)}\n`]);
  const found = await readInvitation(file);
  assert.is(found?.kind === 'code' ? found.code.room : null, 'Petit Théâtre');
  assert.is((await readInvitation(new Blob([`The code:\n${spoken.toLowerCase()}\n`])))?.kind, 'spoken');
  assert.is(await readInvitation(new Blob(['nothing but words'])), null);
  assert.is(await readInvitation(new Blob([salonLink(code).padStart(70_000)])), null);
});

coming('stands in one line that means the same', () => {
  for (const typed of [salonLink(code), spoken, '192.168.1.24', `192.168.1.24:4871 ${spoken}`]) {
    const found = findJoin(typed);
    if (found === null || found.kind === 'unreadable') throw new Error(`not understood: ${typed}`);
    assert.is(joinText(found), typed);
  }
});

coming.run();
