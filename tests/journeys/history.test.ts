// time limit: 240 s
import type { Browser } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { launch, openContext, Person } from '../support/browser.ts';
import { seedRoom, type SeededRoom } from '../support/demo/seed.ts';
import { scratch, startHost, type HostProcess } from '../support/processes.ts';

/** A late joiner, and a room with a long history. */
const history = suite('A history');

let browser: Browser;
history.before(async () => {
  browser = await launch();
});
history.after(async () => {
  await browser.close();
});

history(
  'a late joiner sees where the unread begins, and scrolls to the very first message without a gap',
  async () => {
    const host = await startHost(await scratch(), ['--name', 'Classe 4B']);
    const ada = await Person.at(await openContext(browser), host.owner?.url ?? '');
    await ada.signUp({ firstName: 'Ada', lastName: 'Lovelace', username: 'ada' });
    const bob = await Person.at(await openContext(browser), host.url);
    await bob.signUp({ firstName: 'Bob', lastName: 'Durand', username: 'bob' });
    for (let i = 1; i <= 60; i++) await (i % 2 === 0 ? ada : bob).write(`line ${i} of sixty`);
    await ada.message('line 60 of sixty').waitFor();

    const chloe = await Person.at(await openContext(browser), host.url);
    await chloe.signUp({ firstName: 'Chloé', lastName: 'Martin', username: 'chloe' });
    await chloe.page
      .getByText(/^New since/)
      .first()
      .waitFor();
    await chloe.shot('late-joiner');
    await chloe.message('line 1 of sixty').first().waitFor();
    const { positions, total } = await walkUp(chloe);
    assert.ok(total >= 60);
    assert.equal(
      [...positions].toSorted((a, b) => a - b),
      Array.from({ length: total }, (_, i) => i + 1),
    );
    await host.stop();
  },
);

history(
  'a room of 5,000 messages opens at its end and scrolls to its first message, every number once',
  async () => {
    const directory = await scratch();
    const seeded: SeededRoom = await seedRoom(directory, {
      seed: 7,
      members: 6,
      messages: 5_000,
      language: 'en',
    });
    const host: HostProcess = await startHost(directory);
    const reader = await Person.at(await openContext(browser), host.url);
    await reader.signIn(seeded.members[0]?.username ?? '', seeded.password);
    await reader.messages.first().waitFor();
    await reader.page
      .getByRole('navigation', { name: 'Conversations' })
      .getByRole('button', { name: /^Everyone/ })
      .click();
    await reader.messages.first().waitFor();

    const { positions, total } = await walkUp(reader);
    assert.is(Math.min(...positions), 1, 'the first event is reached');
    const missing = Array.from({ length: total }, (_, i) => i + 1).filter((number) => !positions.has(number));
    assert.equal(missing.slice(0, 10), [], 'none was skipped on the way');
    await reader.shot('beginning');

    await reader.page.keyboard.press('End');
    await reader.page.waitForFunction(() => true);
    assert.equal(reader.complaints, []);
    await host.stop();
  },
);

/** Scrolls up, half a window at a time, to the beginning, noting every row that was there to be read. */
async function walkUp(person: Person): Promise<{ positions: Set<number>; total: number }> {
  const region = person.page.getByRole('region', { name: /^Messages in/ });
  return region
    .evaluate(async (element) => {
      const scroller =
        [element, ...element.querySelectorAll('*')].find(
          (each) => each.scrollHeight > each.clientHeight + 10,
        ) ?? element;
      const positions = new Set<number>();
      let total = 0;
      const note = () => {
        for (const row of element.querySelectorAll('[aria-posinset]')) {
          positions.add(Number(row.getAttribute('aria-posinset')));
          total = Number(row.getAttribute('aria-setsize'));
        }
      };
      const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 20)));
      const end = performance.now() + 120_000;
      scroller.scrollTop = scroller.scrollHeight;
      for (let still = 0; still < 25 && performance.now() < end;) {
        await frame();
        note();
        const before = scroller.scrollTop;
        scroller.scrollTop = Math.max(0, before - scroller.clientHeight / 2);
        await frame();
        note();
        still = scroller.scrollTop === before || scroller.scrollTop === 0 ? still + 1 : 0;
        if (positions.has(1) && scroller.scrollTop === 0) break;
      }
      return { positions: [...positions], total };
    })
    .then(({ positions, total }) => ({ positions: new Set(positions), total }));
}

history.run();
