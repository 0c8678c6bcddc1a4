// time limit: 120 s
// The room that `npm run demo` shows, and that tests and measurements are made on.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { prove } from '../../../server/client/signing-in.ts';
import type { LogEvent } from '../../../server/protocol/events.ts';
import { openStore } from '../../../server/store/remote.ts';
import { program, start } from '../processes.ts';
import { openRoom, quickStretch } from '../room.ts';
import { Company } from './company.ts';
import { seedRoom, type SeedOptions } from './seed.ts';
import { nodeStretch } from './stretching.ts';

const NOW = Date.UTC(2026, 10, 23, 12);

const demo = suite('The demo');

demo('is the same room for the same seed, and another for another', async () => {
  const once = await said({ seed: 7, members: 12, messages: 120, language: 'fr' });
  assert.equal(await said({ seed: 7, members: 12, messages: 120, language: 'fr' }), once);
  assert.not.equal(await said({ seed: 8, members: 12, messages: 120, language: 'fr' }), once);
});

demo('has as many people and messages as asked for, and nobody says a thing before joining', async () => {
  for (const [members, messages] of [
    [1, 5],
    [2, 0],
    [60, 100],
  ] as const) {
    const { people, events } = await said({ seed: 3, members, messages, language: 'en' });
    assert.is(people.length, members);
    assert.is(events.filter(({ type }) => type === 'message.posted').length, messages);
    const joined = new Set<string | null>();
    for (const event of events) {
      if (event.type === 'member.joined') joined.add(event.authorId);
      else if (event.type === 'message.posted') assert.ok(joined.has(event.authorId));
    }
  }
});

demo('lets its owner in with the password, to unread messages and private conversations', async () => {
  const directory = await scratch();
  const seeded = await seedRoom(directory, { seed: 1, members: 12, messages: 200, language: 'en' });
  const room = await openRoom({ directory });
  const caller = await room.knock();
  const [owner] = seeded.members;
  assert.ok(owner);
  const claim = {
    purpose: 'signIn',
    username: owner.username,
    secret: seeded.password,
    device: 'tests',
  } as const;
  await prove(caller.connection, claim, nodeStretch, caller.binding);
  const { members, conversations, me } = await caller.ask('room.enter', {});
  assert.is(members.find(({ role }) => role === 'owner')?.id, me);
  assert.is(members.length, 12);
  assert.ok((conversations.find(({ id }) => id === seeded.lobby)?.unread ?? 0) > 3);
  const directs = conversations.filter(({ kind }) => kind === 'direct');
  assert.equal(new Set(directs.map(({ memberIds }) => memberIds.length)), new Set([2, 4]));
  assert.ok(directs.some(({ unread }) => unread > 0));
  await room.close();
});

demo('has people who talk, and answer whoever writes to them', async () => {
  const directory = await scratch();
  const seeded = await seedRoom(directory, { seed: 1, members: 5, messages: 20, language: 'en' });
  const room = await openRoom({ directory });
  const company = new Company(room.address, seeded, 1);
  await company.begin();
  const caller = await room.knock();
  const [owner, ...others] = seeded.members;
  const claim = {
    purpose: 'signIn',
    username: owner?.username ?? '',
    secret: seeded.password,
    device: 'tests',
  } as const;
  await prove(caller.connection, claim, nodeStretch, caller.binding);
  const { members } = await caller.ask('room.enter', {});
  const here = others.find(({ id }) =>
    members.some((member) => member.id === id && member.presence === 'here'),
  );
  assert.ok(here);

  const posted = await caller.ask('message.post', { id: ulid(), to: [here.id], body: 'Are you there?' });
  await caller.until(
    () =>
      caller.events.some(
        (event) => event.type === 'message.posted' && event.authorId === here.id && event.seq > posted.seq,
      ),
    'an answer',
    20_000,
  );
  await caller.until(
    () => caller.signals.some((signal) => signal.type === 'receipt' && signal.read >= posted.seq),
    'a receipt',
    20_000,
  );
  await caller.until(
    () =>
      caller.events.some((event) => event.type === 'message.posted' && event.conversationId === seeded.lobby),
    'talk in the lobby',
    20_000,
  );

  await company.end();
  await room.close();
});

demo('runs as a program, and leaves nothing behind', async () => {
  const running = start(program('demo'), [
    '--json',
    '--port',
    '0',
    '--address',
    '127.0.0.1',
    '--messages',
    '30',
  ]);
  const told = JSON.parse(await running.first) as {
    url: string;
    directory: string;
    owner: { username: string };
  };
  const health = (await (await fetch(new URL('/health', told.url.replace('https:', 'http:')))).json()) as {
    status: string;
    online: number;
  };
  assert.is(health.status, 'ok');
  assert.ok(health.online > 3);
  assert.ok(existsSync(told.directory));
  assert.is(await running.stop('SIGINT'), 0);
  assert.not.ok(existsSync(told.directory));
  assert.is(running.errors(), '');
});

demo('is kept where it is told to be, and puts itself into no other room', async () => {
  const directory = await scratch();
  const flags = ['--json', '--still', '--port', '0', '--address', '127.0.0.1', '--data', directory];
  const first = start(program('demo'), [...flags, '--messages', '30']);
  const told = JSON.parse(await first.first) as { room: { id: string }; head: number };
  assert.is(await first.stop('SIGINT'), 0);
  const second = start(program('demo'), flags);
  assert.equal((JSON.parse(await second.first) as typeof told).room.id, told.room.id);
  assert.is(await second.stop('SIGTERM'), 0);

  const theirs = await openRoom();
  const refused = start(program('demo'), ['--data', theirs.directory, '--port', '0']);
  assert.is((await refused.ended).code, 2);
  assert.match(refused.errors(), /no demo/);
  await theirs.close();
  await rm(directory, { recursive: true, force: true });
});

demo.run();

/** Who is in a room made so, and its lobby, without what the host chose itself. */
async function said(options: SeedOptions): Promise<{ people: string[]; events: LogEvent[] }> {
  const directory = await scratch();
  const { members, lobby, head } = await seedRoom(directory, { now: NOW, stretch: quickStretch, ...options });
  const { store, close } = await openStore({ directory, roomName: '' });
  const events: LogEvent[] = [];
  while (events.length < head) {
    const page = await store.page(lobby, members[0]?.id ?? '', { after: events.length }, 200);
    events.push(...page.events.map((event) => ({ ...event, conversationId: '' })));
  }
  await close();
  await rm(directory, { recursive: true, force: true });
  return {
    people: members.map(({ username, firstName, lastName }) => `${username}: ${firstName} ${lastName}`),
    events,
  };
}

function scratch(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'salon-demo-test-'));
}
