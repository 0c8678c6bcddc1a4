import { build } from 'esbuild';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { launch } from '../support/browser.ts';

const chiming = suite('The sound of a message');

chiming('is heard, is over when it says so, and is never too loud', async () => {
  const bundle = await build({
    entryPoints: ['resources/chime.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'sound',
  });
  const browser = await launch();
  const page = await browser.newPage();
  await page.addScriptTag({ content: bundle.outputFiles[0]?.text ?? '' });
  const heard = await page.evaluate<Record<'before' | 'first' | 'both' | 'after', number>>(`(async () => {
    const rate = 48_000;
    const target = new OfflineAudioContext(1, rate, rate);
    sound.ring(target, 0.1);
    const samples = (await target.startRendering()).getChannelData(0);
    const loudest = (from, to) => Math.max(...samples.subarray(from * rate, to * rate).map(Math.abs));
    const end = 0.1 + sound.CHIME_SECONDS;
    return { before: loudest(0, 0.1), first: loudest(0.1, 0.2), both: loudest(0.1, end), after: loudest(end + 0.01, 1) };
  })()`);
  assert.is(heard.before, 0);
  assert.ok(heard.first > 0.05, JSON.stringify(heard));
  assert.ok(heard.both < 0.5, JSON.stringify(heard));
  assert.is(heard.after, 0);
  await browser.close();
});

chiming.run();
