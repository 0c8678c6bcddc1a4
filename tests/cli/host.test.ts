import { createServer } from 'node:net';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { keyWords } from '../../server/client/key-words.ts';
import { findJoin, readJoinCode, readSpoken } from '../../server/protocol/invite.ts';
import { VERSION } from '../../server/version.ts';
import { Caller, refusal } from '../support/room.ts';
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
  for (const flag of [
    ...['--data', '--name', '--port', '--address', '--access', '--guests', '--guests-for', '--max-members'],
    ...[
      '--max-per-address',
      '--no-announce',
      '--invite',
      '--invite-for',
      '--invite-uses',
      '--qr',
      '--json',
      '--help',
    ],
  ])
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
    [['--data', data, '--access', 'closed'], /open, invited/],
    [['--data', data, '--guests', 'yes'], /off, encrypted, simple/],
    [['--data', data, '--guests', 'off', '--guests-for', '200'], /0 to 168/],
    [['--data', data, '--guests-for', '3'], /needs --guests/],
    [['--data', data, '--max-members', '0'], /1 to 10000/],
    [['--data', data, '--invite', 'owner'], /member, guest/],
    [['--data', data, '--invite-uses', '3'], /need --invite/],
    [['--data', data, '--invite', 'guest', '--invite-uses', '2000'], /1 to 1000/],
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
    assert.equal(Object.keys(report), [
      ...['url', 'port', 'pid', 'room', 'owner', 'addresses', 'fingerprint', 'settings', 'restored'],
    ]);
    assert.is(report.pid, first.child.pid);
    assert.is(report.url, `https://127.0.0.1:${report.port}/`);
    assert.equal(report.settings, { access: 'open', door: 'none', guestsUntil: null });
    assert.match(report.fingerprint, /^[\w-]{43}$/);
    assert.equal(report.addresses, [report.url]);
    assert.is(report.room.name, 'The Kitchen');
    assert.match(report.owner!.code, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
    const found = findJoin(report.owner!.link);
    assert.ok(found?.kind === 'code' && found.code.role === 'owner');
    assert.is(found.code.fingerprint, report.fingerprint);
    assert.equal(found.code.addresses, [{ host: '127.0.0.1', port: report.port }]);
    assert.is(report.owner!.url, `${report.url}#join=${found.text}`);
    assert.is(await health(report.port), 'ok');
    assert.equal(await first.stop('SIGTERM'), { code: 0, signal: null });
    assert.equal([first.lines.length, first.errors], [1, '']);

    const second = new Program('--data', data, '--address', '127.0.0.1', '--port', String(report.port));
    await second.firstLine();
    assert.is(second.lines[0], 'The Kitchen is open.');
    await until(() => second.lines.some((line) => line.includes('Ctrl-C')));
    assert.ok(second.lines.some((line) => line.trim().startsWith('salon://join#')));
    const words = await keyWords(report.fingerprint, 'en');
    assert.ok(second.lines.includes(`  ${words.join(' ')}`));
    assert.not.ok(
      second.lines.some((line) => line.includes('█')),
      'no QR code where there is no terminal',
    );
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
  const { port, pid } = await first.report();
  const { code, errors } = await run('--data', data, '--port', '0');
  assert.is(code, 2);
  assert.is(
    errors,
    `Another Salon (process ${pid}) hosts the room in ${data}. Close it there first, or choose another --data.\n`,
  );
  assert.is(await health(port), 'ok');
  await first.stop('SIGTERM');
});

host('opens the door as it is told to, and leaves it as it was when it is not', async () => {
  const data = scratch();
  const first = open(data, '--access', 'invited', '--guests', 'simple', '--guests-for', '2');
  const report = await first.report();
  assert.is(report.url, `http://127.0.0.1:${report.port}/`);
  const { access, door, guestsUntil } = report.settings;
  assert.equal([access, door], ['invited', 'simple']);
  assert.ok(Math.abs((guestsUntil ?? 0) - Date.now() - 2 * 3_600_000) < 60_000);
  assert.is((await fetch(report.url)).status, 200);
  await first.stop('SIGTERM');

  const second = open(data);
  assert.equal((await second.report()).settings, report.settings);
  await second.stop('SIGTERM');
  const third = open(data, '--guests', 'off');
  const shut = await third.report();
  assert.equal(shut.settings, { access: 'invited', door: 'none', guestsUntil: null });
  assert.is(shut.fingerprint, report.fingerprint);
  await third.stop('SIGTERM');
});

host('lets in no more people than it is told to', async () => {
  const program = open(scratch(), '--max-members', '1');
  const { port, owner } = await program.report();
  await (await Caller.connect(`127.0.0.1:${port}`)).signUp('ada', owner!.code);
  assert.is(await refusal(Caller.connect(`127.0.0.1:${port}`)), 'ROOM_FULL');
  await program.stop('SIGTERM');
});

host('makes a join code once there is an owner, as link, to read aloud and to scan', async () => {
  const data = scratch();
  const first = open(data, '--invite', 'member', '--invite-for', '2', '--invite-uses', '3');
  const { port, owner, fingerprint } = await first.report();
  await (await Caller.connect(`127.0.0.1:${port}`)).signUp('ada', owner!.code);
  await until(() => first.lines.length > 1);
  const { invite } = JSON.parse(first.lines[1]!) as {
    invite: { code: string; spoken: string; link: string; web: string | null };
  };
  const { role, uses, expiresAt, fingerprint: its, id, secret } = readJoinCode(invite.code);
  assert.equal([role, uses, its, invite.web], ['member', 3, fingerprint, null]);
  assert.ok(Math.abs((expiresAt ?? 0) - Date.now() - 2 * 3_600_000) < 60_000);
  assert.is(invite.link, `salon://join#${invite.code}`);
  assert.ok(readSpoken(invite.spoken) !== null);
  const checked = await (await Caller.connect(`127.0.0.1:${port}`)).ask('invite.check', { id, secret });
  assert.equal([checked.role, checked.usesLeft], ['member', 3]);
  await first.stop('SIGTERM');

  const flags = [
    '--address',
    '127.0.0.1',
    '--port',
    '0',
    '--guests',
    'encrypted',
    '--invite',
    'guest',
    '--qr',
  ];
  const second = new Program('--data', data, ...flags);
  await until(() => second.lines.some((line) => line.includes('█')));
  const text = second.lines.join('\n');
  assert.match(text, 'A join code for a guest:');
  assert.match(text, /https:\/\/127\.0\.0\.1:\d+\/#join=/);
  assert.match(text, /^ {2}([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/m);
  await second.stop('SIGTERM');
});

host('refuses a folder whose room is damaged, and changes nothing there', async () => {
  const data = scratch();
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, 'room.db'), 'this is no database, and long enough to be read as one'.repeat(100));
  const { code, errors } = await run('--data', data, '--port', '0');
  assert.is(code, 2);
  assert.match(
    errors,
    /^The room in .* cannot be read, and there is no good copy .*; nothing in it was changed\./,
  );
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

/** What the host says of itself to this computer. */
async function health(port: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/health`);
  return ((await answer.json()) as { status: string }).status;
}

async function until(found: () => boolean): Promise<void> {
  for (let tries = 0; !found(); tries += 1) {
    if (tries > 1_000) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

host.run();
