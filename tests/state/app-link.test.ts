// time limit: 300 s
import { ulid } from 'ulid';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { keepInApp } from '../../resources/keep.ts';
import { App } from '../../resources/state/app.ts';
import type { Destination } from '../../resources/state/destination.ts';
import type { Surroundings } from '../../resources/state/ports.ts';
import { startExtension } from '../extensions/pages.ts';
import { report } from '../faults/trial.ts';
import { engineOf } from '../support/processes.ts';
import { TcpRelay } from '../support/relay.ts';
import { Caller, openRoom, PASSWORD, quickStretch } from '../support/room.ts';
import { until } from '../support/visitor.ts';
import { linkTo } from '../support/window.ts';

/** The program as it is in a window, but for the window: a real extension, and real rooms behind it. */
const link = suite('A window with its extension');

type Extension = Awaited<ReturnType<typeof startExtension>>;

async function windowOf(extension: Extension, session: { visiting: Destination | null }): Promise<App> {
  const control = linkTo(extension);
  const surroundings: Surroundings = {
    control,
    keep: keepInApp(control),
    openRoom: (target) => control.openRoom(target),
    stretch: quickStretch,
    device: 'tests',
    get visiting() {
      return session.visiting;
    },
    set visiting(destination) {
      session.visiting = destination;
    },
  };
  const app = new App(surroundings, '', 'en');
  await app.start();
  return app;
}

const form = { lastName: 'Hopper', firstName: 'Grace', username: 'grace', password: PASSWORD };

link(
  'meets a room, signs in bound to the very channel, and comes back until another window takes over',
  async () => {
    const room = await openRoom();
    const extension = await startExtension();
    const session: { visiting: Destination | null } = { visiting: null };
    const app = await windowOf(extension, session);
    await app.join(room.address);
    assert.is(app.visit?.status, 'meeting', JSON.stringify(app.diagnosis ?? app.problem));
    assert.is(app.visit?.fingerprint, room.host.fingerprint);
    await app.visit?.trust();
    await app.visit?.signUp(form, room.host.ownerCode());
    assert.is(app.visit?.about?.channel, 'app');
    await app.visit?.signOut();
    await app.visit?.signIn('grace', PASSWORD);
    await app.visit?.room?.changePassword(PASSWORD, 'another-lamp');
    await until(() => app.recent[0]?.fingerprint === room.host.fingerprint, 'the room to be remembered');

    app.leave();
    assert.is(session.visiting, null);

    await room.restart({ port: 0 });
    await app.join(room.address);
    assert.is(app.visit?.status, 'in', 'a known key is asked nothing, wherever it is');
    assert.is(app.visit?.address, room.address);

    const reloaded = await windowOf(extension, session);
    assert.is(reloaded.visit?.status, 'in');
    await until(() => app.link === 'elsewhere', 'the first window to hear of the second');
    // Long enough for the first one to try again.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    assert.equal([reloaded.link, reloaded.visit?.status], ['up', 'in']);
    for (const each of [app, reloaded]) each.visit?.leave();
    await extension.stop();
    await room.close();
  },
);

link('says why nobody answered, and what another key at a known room’s address means', async () => {
  const [room, other] = [await openRoom(), await openRoom()];
  const extension = await startExtension();
  const app = await windowOf(extension, { visiting: null });
  assert.is(await app.join('127.0.0.1:9'), false);
  assert.equal([app.diagnosis?.code, app.diagnosis?.address], ['refused', '127.0.0.1:9']);
  await app.join(room.address);
  await app.visit?.trust();
  await app.visit?.signUp(form, room.host.ownerCode());
  await until(() => app.recent.length === 1, 'the room to be remembered');
  const [known] = app.recent;
  if (known === undefined) throw new Error('nothing is remembered');
  app.leave();
  await room.host.close();
  await other.restart({ port: room.host.port });
  await app.joinRecent(known);
  assert.is(app.visit?.status, 'otherKey');
  assert.equal(app.visit?.otherKey, { known: room.host.fingerprint, found: other.host.fingerprint });
  app.leave();
  await extension.stop();
  await other.close();
});

link('hosts a room and is at home there, with the code that makes its owner', async () => {
  const extension = await startExtension();
  const app = await windowOf(extension, { visiting: null });
  assert.is(await app.hostRoom('Classe 4B', 0, 'invited'), true);
  assert.equal([app.isHome, app.visit?.status], [true, 'door']);
  await app.visit?.signUp(form, app.ownerCode);
  assert.is(app.visit?.room?.settings.access, 'invited');
  const invite = await app.visit?.room?.createInvite({ role: 'member', expiresInMs: null, uses: 1 });
  await until(() => app.ownerCode === null, 'the owner’s code to be spent');

  const guests = await startExtension();
  const other = await windowOf(guests, { visiting: null });
  assert.is(await other.join(`127.0.0.1:${app.hosting?.port} ${invite?.spoken ?? ''}`), true);
  assert.equal([other.visit?.status, other.visit?.invite?.role], ['door', 'member']);
  await other.visit?.signUp({ ...form, username: 'amina' }, null);
  assert.is(other.visit?.status, 'in');
  other.leave();
  app.leave();
  for (const each of [guests, extension]) await each.stop();
});

link('comes back to its room, and brings what was written meanwhile, when the engine is killed', async () => {
  const extension = await startExtension();
  const app = await windowOf(extension, { visiting: null });
  await app.hostRoom('Classe 4B', 0);
  await app.visit?.signUp(form, app.ownerCode);
  const { hosting } = app;
  const ada = await (await Caller.connect(`127.0.0.1:${hosting?.port}`)).signUp('ada', null);
  await ada.say(ulid(), 'before');

  const engine = engineOf(extension);
  process.kill(engine, 'SIGKILL');
  await until(() => app.link === 'down', 'the window to be told');
  const { room } = app.visit ?? {};
  if (room === undefined || room === null) throw new Error('the room is not shown any more');
  // The message may be refused a place in the folder, by an extension that is away; it is in the page's hands then.
  await room.post(room.lobby, 'meanwhile').catch(() => undefined);
  await until(() => app.link === 'up' && app.visit?.status === 'in', 'the window to be back', 60_000);
  assert.is.not(engineOf(extension), engine, 'another process');
  assert.equal(
    [app.hosting?.roomId, app.hosting?.port, app.hosting?.fingerprint],
    [hosting?.roomId, hosting?.port, hosting?.fingerprint],
    'the same room where it was',
  );
  await until(() => room.outbox.pending.length === 0, 'what was written to be delivered', 60_000);
  const again = await (await Caller.connect(`127.0.0.1:${hosting?.port}`)).signIn('ada');
  const page = { conversationId: again.lobby, limit: 100, after: 0 };
  const { events } = await again.caller.ask('history.page', page);
  const written = events.flatMap((event) => (event.type === 'message.posted' ? [event.body] : []));
  assert.equal(written, ['before', 'meanwhile'], 'each once');
  app.leave();
  await extension.stop();
});

link('a computer that wakes up asks at once whether its room is still there', async () => {
  const room = await openRoom();
  const relay = await TcpRelay.open(room.host.port);
  const extension = await startExtension();
  const app = await windowOf(extension, { visiting: null });
  await app.join(relay.address);
  await app.visit?.trust();
  await app.visit?.signUp(form, room.host.ownerCode());
  await until(() => app.visit?.status === 'in', 'the room');

  // Nothing comes through the way that was there before the sleep, and nobody says so.
  const before = relay.connections;
  relay.change = () => Buffer.alloc(0);
  const now = Date.now.bind(Date);
  const slept = now();
  Date.now = () => now() + 3_600_000;
  try {
    await until(() => relay.connections > before, 'another way to be tried', 60_000);
    const tookMs = now() - slept;
    relay.change = (bytes) => bytes;
    await until(() => app.visit?.status === 'in', 'the room again', 60_000);
    report('sleep and wake through the extension', { 'tried again after (ms)': tookMs });
    // A silent way without a sleep is given up after more than this.
    assert.ok(tookMs < 30_000, String(tookMs));
  } finally {
    Date.now = now;
  }
  app.leave();
  await extension.stop();
  await relay.close();
  await room.close();
});

link.run();
