import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { encode } from 'uqr';
import { qrOf } from '../../resources/qr.ts';

const codes = suite('A QR code');

/** The modules that a path of horizontal runs covers. */
function modulesOf(path: string): Set<string> {
  const dark = new Set<string>();
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g))
    for (let i = 0; i < Number(length); i++) dark.add(`${Number(x) + i} ${y}`);
  return dark;
}

codes('is drawn as it was made, module for module, with a quiet zone of four', () => {
  const text = `salon://join#${'A1b2-_'.repeat(40)}`;
  const { size, path } = qrOf(text);
  const { data } = encode(text, { ecc: 'L', border: 4 });
  const dark = modulesOf(path);
  assert.is(size, data.length);
  for (const [y, row] of data.entries()) {
    for (const [x, isDark] of row.entries()) assert.is(dark.has(`${x} ${y}`), isDark, `${x} ${y}`);
  }
  for (let i = 0; i < size; i++)
    for (const edge of [0, 1, 2, 3]) assert.not.ok(dark.has(`${i} ${edge}`) || dark.has(`${edge} ${i}`));
  // The corner of the finder pattern: whatever else the code holds, it begins here.
  assert.ok(dark.has('4 4') && dark.has('10 4') && dark.has('4 10') && !dark.has('11 4'));
  assert.is(path.replace(/M\d+ \d+h\d+v1h-\d+z/g, ''), '');
});

codes('holds the longest join code with room to spare', () => {
  const { size } = qrOf(`https://[2001:db8:85a3:8d3:1319:8a2e:370:7348]:65535/#join=${'x'.repeat(700)}`);
  assert.ok(size <= 105, `${size} modules`);
});

codes.run();
