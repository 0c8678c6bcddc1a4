// time limit: 240 s
// long time limit: 1800 s
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ConnectionLost } from '../../server/client/connection.ts';
import { LIMITS, type FileHash } from '../../server/protocol/entities.ts';
import { SalonError } from '../../server/protocol/errors.ts';
import { openStore } from '../../server/store/remote.ts';
import { begin, filesIn, hashOf, hexOf, placeOf, someBytes, writePart } from '../support/files.ts';
import { quietPort, scratch, startHost, type HostProcess } from '../support/processes.ts';
import { Caller } from '../support/room.ts';
import { until } from '../support/visitor.ts';
import { between, effort, randomFrom, report, seed, type Random } from './trial.ts';

const killing = suite('A host that is killed while files arrive');

const KILLS = effort(5, 200);
const MEMBERS = 4;
/** Of one member, under way at one time. */
const AT_ONCE = 6;

/** Somebody who brings one file after the other, and goes on where the host is when it comes back. */
class Bringer {
  /** What the host said it has, by its hash. */
  readonly stored = new Set<FileHash>();
  readonly #token: string;
  readonly #random: Random;
  #bytes = someBytes(1);
  sent = 0;
  needed = 0;

  constructor(token: string, random: Random) {
    this.#token = token;
    this.#random = random;
  }

  /** Until the connection breaks. */
  async bringTo(address: string): Promise<void> {
    try {
      const caller = await Caller.connect(address);
      await caller.ask('session.resume', { token: this.#token });
      for (;;) {
        if (this.stored.has(hashOf(this.#bytes))) this.#choose();
        await this.#bring(caller);
      }
    } catch (error) {
      const isClosing = error instanceof SalonError && error.code === 'CLOSING';
      const broke = error instanceof ConnectionLost || String(error).includes('closed with');
      if (!broke && !isClosing) throw error;
    }
  }

  #choose(): void {
    this.#bytes = someBytes(between(this.#random, 0, 40) * 20_000 + between(this.#random, 0, 3));
    this.needed += this.#bytes.length;
  }

  async #bring(caller: Caller): Promise<void> {
    let progress = await begin(caller, this.#bytes);
    while (progress.stored === null) {
      const from = progress.received;
      const offsets = Array.from({ length: AT_ONCE }, (_, i) => from + i * LIMITS.fileWriteBytes);
      const parts = offsets.filter((offset) => offset < this.#bytes.length);
      this.sent += Math.min(this.#bytes.length - from, AT_ONCE * LIMITS.fileWriteBytes);
      const answers = await Promise.all(parts.map((offset) => writePart(caller, this.#bytes, offset)));
      progress = answers.at(-1) ?? progress;
    }
    this.stored.add(progress.stored.hash);
  }
}

/** Everything that lies there as whole is; so is everything that somebody was told of. */
async function judge(directory: string, bringers: readonly Bringer[]): Promise<number> {
  const whole = (await filesIn(directory)).filter((path) => !path.startsWith('parts'));
  for (const path of whole) {
    const bytes = await readFile(join(directory, 'files', path));
    assert.is(path.slice(3), createHash('sha256').update(bytes).digest('hex'), 'half a file');
  }
  for (const { stored } of bringers)
    for (const hash of stored) assert.ok(whole.includes(placeOf(hash)), `${hexOf(hash)} is lost`);
  return whole.length;
}

killing('has every file that it said it has, and no half one', async () => {
  const random = randomFrom(seed);
  const directory = await scratch();
  const port = await quietPort();
  const address = `127.0.0.1:${port}`;
  const open = () => startHost(directory, ['--port', String(port), '--allowance', '10']);
  let host: HostProcess = await open();
  const bringers: Bringer[] = [];
  for (let i = 0; i < MEMBERS; i += 1) {
    const caller = await Caller.connect(address);
    const { token } = await caller.signUp(`member${i}`, i === 0 ? (host.owner?.code ?? null) : null);
    caller.close();
    bringers.push(new Bringer(token, randomFrom(seed + i)));
  }
  const told = () => bringers.reduce((sum, { stored }) => sum + stored.size, 0);
  let orphans = 0;
  for (let kills = 0; kills < KILLS; kills += 1) {
    const before = told();
    const bringing = bringers.map((each) => each.bringTo(address));
    await until(() => told() > before + between(random, 0, 4), 'a file to be stored', 60_000);
    await wait(between(random, 0, 40));
    await host.stop('SIGKILL');
    await Promise.all(bringing);
    orphans += (await judge(directory, bringers)) - told();
    host = await open();
  }
  // What was told before is known after; what was begun goes on.
  const before = bringers.map(({ stored }) => stored.size);
  const bringing = bringers.map((each) => each.bringTo(address));
  await until(
    () => bringers.every(({ stored }, i) => stored.size > (before[i] ?? 0)),
    'all to go on',
    60_000,
  );
  await host.stop();
  await Promise.all(bringing);
  await judge(directory, bringers);
  const { store, close } = await openStore({ directory, roomName: '' });
  for (const { stored } of bringers) assert.equal(await store.unkeptFiles([...stored]), []);
  await close();
  const sent = bringers.reduce((sum, each) => sum + each.sent, 0);
  const needed = bringers.reduce((sum, each) => sum + each.needed, 0);
  report('host killed while files arrive', {
    kills: KILLS,
    stored: told(),
    lost: 0,
    half: 0,
    wholeButUntold: orphans,
    sentTimesNeeded: sent / needed,
  });
  // Each kill may cost what was under way, and one whole file that was not told of.
  assert.ok(sent <= needed + (KILLS + 1) * MEMBERS * (800_000 + AT_ONCE * LIMITS.fileWriteBytes));
});

killing.run();
