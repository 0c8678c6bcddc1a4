import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launch, openContext, Person } from '../support/browser.ts';
import { seedRoom } from '../support/demo/seed.ts';
import { startHost } from '../support/processes.ts';

/**
 * How long a page takes to open a room of many messages, against the same page on a room of a hundred: what it costs to
 * have a history. Also walks to the first message. Prints milliseconds, medians of five, and the ratio.
 *
 *   node --import tsx tests/bench/open-room.ts [messages]
 */
const many = Number(process.argv[2] ?? 100_000);
const browser = await launch();
const [small, large] = [await openings(100), await openings(many)];
process.stdout.write(
  `${JSON.stringify({ messages: many, ...large, smallOpenMs: small.openMs, ratio: round(large.openMs / small.openMs) })}\n`,
);
await browser.close();
process.exit(0);

async function openings(messages: number) {
  const directory = await mkdtemp(join(tmpdir(), 'salon-bench-'));
  const seeded = await seedRoom(directory, { seed: 1, members: 12, messages, language: 'en' });
  const before = performance.now();
  const host = await startHost(directory);
  const hostReadyMs = performance.now() - before;
  const context = await openContext(browser);
  const person = await Person.at(context, host.url);
  await person.signIn(seeded.members[0]?.username ?? '', seeded.password);
  await person.messages.first().waitFor();

  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    await person.page.goto(host.url);
    await person.messages.last().waitFor();
    times.push(performance.now() - start);
  }
  const toFirstMs = await walkToFirst(person.page);
  await context.close();
  await host.stop();
  await rm(directory, { recursive: true, force: true });
  return { hostReadyMs: round(hostReadyMs), openMs: round(median(times)), toFirstMs: round(toFirstMs) };
}

/** Home: the beginning of the conversation is shown. */
async function walkToFirst(page: Page): Promise<number> {
  const start = performance.now();
  await page.getByRole('article').last().focus();
  await page.keyboard.press('Home');
  await page
    .getByText(/was opened/)
    .first()
    .waitFor();
  return performance.now() - start;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
