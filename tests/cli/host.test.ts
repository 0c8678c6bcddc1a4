import { createServer } from 'node:net';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { VERSION } from '../../server/version.ts';
import { Caller } from '../support/room.ts';
import { ensureProgram, Program, run, scratch } from './programs.ts';

const open = (data: string, ...flags: string[]) =>
  new Program(
    '--data',
    data,
    '--name',
    'The Kitchen',
    '--address',
    '127.0.0.1',
    '--port',
    '0',
    '--json',
    '--max-per-address',
    '500',
    ...flags,
  );

const host = suite('npm run host');
host.before(ensureProgram);

host('explains itself', async () => {
  const { code, lines, errors } = await run('--help');
  const text = lines.join('\n');
  assert.equal([code, errors], [0, '']);
  assert.match(text, `Salon ${VERSION}`);
  for (const flag of ['--data', '--name', '--port', '--address', '--max-per-address', '--json', '--help'])
    assert.match(text, flag);
});

host('refuses what it cannot do in one sentence, with exit status 2', async () => {
  const data = scratch();
  const file = join(data, 'a-file');
  writeFileSync(file, '');
  const rows: [string[], RegExp][] = [
    [[], /--data DIR/],
    [['--data', data, '--color'], /--color.*--help/],
    [['--data', data, 'extra'], /extra/],
    [['--data', data, '--name', ' '], /1 to 60 characters/],
    [['--data', data, '--name', 'x'.repeat(61)], /1 to 60 characters/],
    [['--data', data, '--port', '70000'], /0 to 65535/],
    [['--data', data, '--port', '-1'], /port/],
    [['--data', data, '--port', 'http'], /0 to 65535/],
    [['--data', data, '--port', ''], /0 to 65535/],
    [
      ['--data', join(data, 'x'), '--port', '0', '--address', '203.0.113.7'],
      /203\.0\.113\.7 is not an address of this computer/,
    ],
    [
      ['--data', join(data, 'y'), '--address', '203.0.113.7'],
      /203\.0\.113\.7 is not an address of this computer/,
    ],
    [['--data', join(file, 'z'), '--port', '0'], /cannot be kept/],
  ];
  const outcomes = await Promise.all(rows.map(([flags]) => run(...flags)));
  for (const [index, [flags, expected]] of rows.entries()) {
    const { code, lines, errors } = outcomes[index]!;
    assert.equal([code, lines], [2, []], `${flags.join(' ')}: ${errors}`);
    assert.match(errors, expected);
    assert.is(errors.trim().split('\n').length, 1, errors);
    assert.not.match(errors, /\n\s+at |node:/);
  }
});

host(
  'says where the room is, in sentences or as one line of JSON, and opens the same room again',
  async () => {
    const data = join(scratch(), 'new', 'folder');
    const first = open(data);
    const report = await first.report();
    assert.equal(Object.keys(report), ['url', 'port', 'pid', 'room', 'owner', 'addresses']);
    assert.is(report.pid, first.child.pid);
    assert.is(report.url, `http://127.0.0.1:${report.port}/`);
    assert.equal(report.addresses, [report.url]);
    assert.is(report.room.name, 'The Kitchen');
    assert.match(report.owner!.code, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
    assert.is(report.owner!.url, `${report.url}#owner=${report.owner!.code}`);
    const health = await fetch(`${report.url}health`);
    assert.is(((await health.json()) as { status: string }).status, 'ok');
    assert.equal(await first.stop('SIGTERM'), { code: 0, signal: null });
    assert.equal([first.lines.length, first.errors], [1, '']);

    const second = new Program('--data', data, '--address', '127.0.0.1', '--port', String(report.port));
    await second.firstLine();
    assert.is(second.lines[0], 'The Kitchen is open.');
    await until(() => second.lines.some((line) => line.includes('Ctrl-C')));
    assert.ok(second.lines.some((line) => line.includes(`${report.url}#owner=`)));
    assert.equal(await second.stop('SIGHUP'), { code: 0, signal: null });

    const nameless = new Program('--data', scratch(), '--port', '0', '--json');
    assert.is((await nameless.report()).room.name, hostname());
    assert.ok((await nameless.report()).addresses.length > 0);
    await nameless.stop('SIGTERM');
  },
);

host('names the port that is taken and proposes the next', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as { port: number };
  const { code, errors } = await run('--data', scratch(), '--address', '127.0.0.1', '--port', String(port));
  assert.is(code, 2);
  const next = Number(/^Port (\d+) is in use\. Try --port (\d+), or leave --port out\.\n$/.exec(errors)?.[2]);
  assert.ok(errors.startsWith(`Port ${port} is in use.`) && next > port && next < port + 50, errors);
  other.close();
});

host('without a port takes the next free one', async () => {
  const programs = [scratch(), scratch()].map(
    (data) => new Program('--data', data, '--address', '127.0.0.1', '--json'),
  );
  // Both look at the same moment.
  const [first, second] = await Promise.all(programs.map((program) => program.report()));
  assert.ok(first!.port >= 4870 && second!.port >= 4870);
  assert.is.not(first!.port, second!.port);
  for (const program of programs) await program.stop('SIGTERM');
});

host('refuses a folder that another host uses, and leaves that one alone', async () => {
  const data = scratch();
  const first = open(data);
  const { url, pid } = await first.report();
  const { code, errors } = await run('--data', data, '--port', '0');
  assert.is(code, 2);
  assert.is(
    errors,
    `Another Salon (process ${pid}) hosts the room in ${data}. Close it there first, or choose another --data.\n`,
  );
  assert.is((await fetch(`${url}health`)).status, 200);
  await first.stop('SIGTERM');
});

host('refuses a folder whose room is damaged, and changes nothing there', async () => {
  const data = scratch();
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, 'room.db'), 'this is no database, and long enough to be read as one'.repeat(100));
  const { code, errors } = await run('--data', data, '--port', '0');
  assert.is(code, 2);
  assert.match(errors, /^The room in .* cannot be read; nothing in it was changed\./);
  assert.ok(readdirSync(data).includes('room.db'));
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  host(
    `ends with ${signal} after it told its members, and what was acknowledged is there the next time`,
    async () => {
      const data = scratch();
      const first = open(data);
      const { port, owner } = await first.report();
      const ada = await (await Caller.connect(`127.0.0.1:${port}`)).signUp('ada', owner!.code);
      const posted = [];
      for (let n = 0; n < 15; n += 1) posted.push(await ada.say(ulid(), `message ${n}`));
      const inFlight = Promise.allSettled([1, 2, 3].map((n) => ada.say(ulid(), `in flight ${n}`)));
      assert.equal(await first.stop(signal), { code: 0, signal: null });
      await ada.caller.until(() => ada.caller.closedWith !== null, 'the end');
      assert.equal([ada.caller.goodbye, ada.caller.closedWith], ['closing', 1001]);
      assert.not.ok(existsSync(join(data, 'room.db.lock')));

      const second = open(data);
      const again = await second.report();
      assert.is(again.owner, null);
      const caller = await Caller.connect(`127.0.0.1:${again.port}`);
      await caller.ask('session.resume', { token: ada.token });
      const { events } = await caller.ask('history.page', {
        conversationId: ada.lobby,
        after: 0,
        limit: 200,
      });
      const stored = new Set(events.map(({ seq }) => seq));
      const late = (await inFlight).flatMap((outcome) =>
        outcome.status === 'fulfilled' ? [outcome.value] : [],
      );
      for (const { seq } of [...posted, ...late]) assert.ok(stored.has(seq), `message ${seq}`);
      await second.stop('SIGKILL');
    },
  );
}

host(
  'killed under load and started again has lost nothing that it acknowledged, and doubled nothing',
  async () => {
    const data = scratch();
    const acknowledged = new Map<string, number>();
    const written: { id: string; body: string; author: number }[] = [];
    let tokens: string[] = [];
    let lobby = '';
    for (let kill = 0; kill < 3; kill += 1) {
      const program = open(data);
      const { port, owner } = await program.report();
      const callers = await Promise.all(Array.from({ length: 8 }, () => Caller.connect(`127.0.0.1:${port}`)));
      if (owner !== null) {
        const people = [];
        for (const [n, caller] of callers.entries())
          people.push(await caller.signUp(`member-${n}`, n === 0 ? owner.code : null));
        tokens = people.map(({ token }) => token);
        lobby = people[0]!.lobby;
      } else
        await Promise.all(callers.map((caller, n) => caller.ask('session.resume', { token: tokens[n]! })));
      const talk = async (caller: Caller, n: number) => {
        // Everything is sent again that was not answered, as every client does.
        const own = written.filter(({ id, author }) => author === n && !acknowledged.has(id));
        for (let i = 0; ; i += 1) {
          const { id, body } = own[i] ?? { id: ulid(), body: `${kill} ${n} ${i}` };
          if (own[i] === undefined) written.push({ id, body, author: n });
          const { seq } = await caller.ask('message.post', { id, body, conversationId: lobby });
          acknowledged.set(id, seq);
        }
      };
      const talking = Promise.allSettled(callers.map(talk));
      const before = acknowledged.size;
      await until(() => acknowledged.size > before + 30 + kill * 20);
      assert.is((await program.stop('SIGKILL')).signal, 'SIGKILL');
      await talking;
    }

    const program = open(data);
    const { port } = await program.report();
    const caller = await Caller.connect(`127.0.0.1:${port}`);
    await caller.ask('session.resume', { token: tokens[0]! });
    const stored = new Map<string, number>();
    for (let after = 0, head = 1; after < head;) {
      const page = await caller.ask('history.page', { conversationId: lobby, after, limit: 200 });
      assert.equal(
        page.events.map(({ seq }) => seq),
        page.events.map((_, i) => after + i + 1),
      );
      for (const event of page.events) {
        if (event.type !== 'message.posted') continue;
        assert.not.ok(stored.has(event.id), 'stored once');
        stored.set(event.id, event.seq);
      }
      after += page.events.length;
      head = page.head;
    }
    for (const [id, seq] of acknowledged) assert.is(stored.get(id), seq);
    assert.ok(acknowledged.size > 100);
    await program.stop('SIGTERM');
  },
);

async function until(found: () => boolean): Promise<void> {
  for (let tries = 0; !found(); tries += 1) {
    if (tries > 1_000) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

host.run();
