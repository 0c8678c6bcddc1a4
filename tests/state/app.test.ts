import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { App } from '../../resources/state/app.ts';
import type { Destination } from '../../resources/state/destination.ts';
import type { Control, Surroundings } from '../../resources/state/ports.ts';
import {
  DEFAULT_SETTINGS,
  type ControlInput,
  type ControlName,
  type ControlResult,
  type Hosting,
  type Nearby,
  type RecentRoom,
} from '../../server/protocol/control.ts';
import { openRoom, PASSWORD, quickStretch, type TestRoom } from '../support/room.ts';
import { DialledSocket, keepIn, until } from '../support/visitor.ts';

/** What an extension keeps for its window; the rooms it reaches are real. */
class Desk {
  recent: RecentRoom[] = [];
  hosting: Hosting | null = null;
  opened: string | null = null;
  visiting: Destination | null = null;
  readonly asked: { command: ControlName; input: unknown }[] = [];
  readonly kept = new Map<string, string>();
  tellNearby: (nearby: Nearby) => void = () => undefined;
  tellOpened: (typed: string) => void = () => undefined;

  control(): Control {
    return {
      ask: <C extends ControlName>(command: C, input: ControlInput<C>) => {
        this.asked.push({ command, input });
        return Promise.resolve(this.#answer(command, input) as ControlResult<C>);
      },
      onHosting: () => () => undefined,
      onDropped: () => () => undefined,
      onLink: () => () => undefined,
      onNearby: (tell) => {
        this.tellNearby = tell;
        return () => undefined;
      },
      onOpened: (tell) => {
        this.tellOpened = tell;
        return () => undefined;
      },
    };
  }

  #answer(command: ControlName, input: unknown): unknown {
    if (command === 'recent.remember') {
      const room = input as ControlInput<'recent.remember'>;
      const others = this.recent.filter(({ fingerprint }) => fingerprint !== room.fingerprint);
      this.recent = [{ ...room, hosted: false, lastAt: 1 }, ...others];
    }
    if (command === 'nearby.watch') return { state: 'looking', rooms: [] };
    if (command === 'doctor.run') return { version: '1' };
    if (command !== 'app.state') return {};
    const { opened } = this;
    this.opened = null;
    return {
      version: '1',
      settings: DEFAULT_SETTINGS,
      hosting: this.hosting,
      recent: this.recent,
      addresses: [],
      nearby: { state: 'ok', rooms: [] },
      opened,
      computer: 'desk',
      defaultPort: 4870,
    };
  }
}

/** A window, opened or loaded anew. */
function windowAt(desk: Desk): App {
  const surroundings: Surroundings = {
    control: desk.control(),
    keep: keepIn(desk.kept),
    openRoom: (target) => new DialledSocket(target),
    stretch: quickStretch,
    device: 'tests',
    get visiting() {
      return desk.visiting;
    },
    set visiting(destination) {
      // As JSON, like a window's session.
      desk.visiting = JSON.parse(JSON.stringify(destination)) as Destination | null;
    },
  };
  return new App(surroundings, '', 'en');
}

const form = { lastName: 'Hopper', firstName: 'Grace', username: 'grace', password: PASSWORD };

/** A room with an owner, who may be asked for codes. */
async function roomOf(options: Parameters<typeof openRoom>[0] = {}): Promise<TestRoom> {
  const room = await openRoom(options);
  (await room.join('ada')).caller.close();
  return room;
}

async function memberAt(desk: Desk, room: TestRoom): Promise<App> {
  const app = windowAt(desk);
  await app.start();
  await app.join(room.address);
  await app.visit?.trust();
  await app.visit?.signUp(form, null);
  await until(() => desk.recent.length > 0, 'the room to be remembered');
  return app;
}

const going = suite('The program');

going('meets a room by its address, and remembers it by its key with every address of it', async () => {
  const room = await roomOf();
  const desk = new Desk();
  const app = windowAt(desk);
  await app.start();
  assert.is(await app.join(room.address), true);
  assert.is(app.visit?.status, 'meeting');
  assert.equal([app.busy, app.problem, app.diagnosis], [null, null, null]);
  await app.visit?.trust();
  await app.visit?.signUp(form, null);
  await until(() => desk.recent.length > 0, 'the room to be remembered');
  const [known] = desk.recent;
  assert.is(known?.fingerprint, room.host.fingerprint);
  assert.is(known?.addresses[0], room.address);
  assert.equal(
    known?.addresses,
    [...new Set([room.address, ...(app.visit?.room?.addresses ?? [])])].slice(0, 16),
  );
  app.visit?.room?.hearSignal({ type: 'addresses', addresses: ['10.0.0.9:4870'] });
  app.visit?.changed();
  await until(() => desk.recent[0]?.addresses.includes('10.0.0.9:4870') === true, 'the new address');
  assert.is(desk.recent[0]?.addresses[0], room.address, 'where it was found comes first');
  app.leave();
  await room.close();
});

going('goes back to a room of the list without a question, and after a reload', async () => {
  const room = await roomOf();
  const desk = new Desk();
  (await memberAt(desk, room)).leave();
  const app = windowAt(desk);
  await app.start();
  assert.is(app.visit, null);
  const [known] = app.recent;
  if (known === undefined) throw new Error('nothing is remembered');
  assert.is(await app.joinRecent(known), true);
  assert.is(app.visit?.status, 'in');
  assert.is(desk.visiting?.target.fingerprint, room.host.fingerprint);
  app.visit?.leave();

  const reloaded = windowAt(desk);
  await reloaded.start();
  assert.is(reloaded.visit?.status, 'in');
  reloaded.leave();
  assert.is(desk.visiting, null);
  await room.close();
});

going('holds a room nearby that claims a known key to that key', async () => {
  const [room, other] = [await roomOf(), await roomOf()];
  const desk = new Desk();
  (await memberAt(desk, room)).leave();
  const app = windowAt(desk);
  await app.start();
  const nearby = { prefix: room.host.fingerprint.slice(0, 12), name: 'The Kitchen', version: 1 };
  desk.tellNearby({ state: 'ok', rooms: [{ ...nearby, addresses: [room.address] }] });
  assert.is(app.nearby.rooms.length, 1);
  await app.watchNearby(true);
  assert.equal(desk.asked.at(-1), { command: 'nearby.watch', input: { on: true } });
  assert.is(app.nearby.state, 'looking');
  await app.joinNearby({ ...nearby, addresses: [room.address] });
  assert.is(app.visit?.status, 'in');
  app.leave();
  await room.host.close();
  await app.joinNearby({ ...nearby, addresses: [other.address] });
  assert.is(app.visit?.status, 'otherKey');
  assert.is(app.visit?.otherKey?.known, room.host.fingerprint);
  app.leave();
  assert.is(app.visit, null);
  await other.close();
});

going('says what is wrong with what was typed, and where it was tried', async () => {
  const room = await roomOf();
  const desk = new Desk();
  const app = windowAt(desk);
  await app.start();
  assert.is(await app.join('not an address'), false);
  assert.equal([app.problem?.code, app.diagnosis], ['BAD_ADDRESS', null]);
  const code = (await ownerInvite(room)).code;
  assert.is(await app.join(`salon://join#${code.slice(0, -1)}`), false);
  assert.equal([app.problem, app.diagnosis?.code], [null, 'codeDamaged']);
  assert.is(await app.join('127.0.0.1:9'), false);
  assert.equal([app.problem, app.diagnosis?.code], [null, 'refused']);
  assert.equal(
    app.diagnosis?.trials.map(({ address, found }) => [address, found]),
    [['127.0.0.1:9', 'refused']],
  );
  app.clearProblem();
  assert.equal([app.problem, app.diagnosis, app.visit], [null, null, null]);
  await app.examine('127.0.0.1:9');
  assert.equal(desk.asked.at(-1), { command: 'doctor.run', input: { typed: '127.0.0.1:9' } });
  await room.close();
});

going('opened with a join code goes where it leads, whatever it was doing', async () => {
  const room = await roomOf({ access: 'invited' });
  const { code } = await ownerInvite(room);
  const desk = new Desk();
  desk.opened = `salon://join#${code}`;
  const app = windowAt(desk);
  await app.start();
  await until(() => app.visit?.status === 'door', 'the door');
  assert.is(app.visit?.invite?.role, 'member');
  assert.is(app.visit?.name, 'The Kitchen');
  app.visit?.leave();
  // A reload at the door still has it.
  const reloaded = windowAt(desk);
  await reloaded.start();
  assert.is(reloaded.visit?.invite?.role, 'member');
  await reloaded.visit?.signUp(form, null);
  assert.is(reloaded.visit?.status, 'in');
  const { visit } = reloaded;
  desk.tellOpened(code);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.is(reloaded.visit, visit, 'whoever is in that room already stays');
  reloaded.leave();
  desk.tellOpened(code);
  await until(() => reloaded.visit?.status === 'in', 'the room again');
  reloaded.leave();
  await room.close();
});

going('opened with a code of another room, asks before it leaves files that were not sent', async () => {
  const [room, other] = [await roomOf(), await roomOf()];
  const { code } = await ownerInvite(other);
  const desk = new Desk();
  const app = await memberAt(desk, room);
  const { visit } = app;
  const lobby = visit?.room?.lobby;
  assert.ok(lobby);
  lobby.staged = [{ file: new File(['not sent'], 'notes.txt'), picture: null }];
  assert.is(app.hasUnsentFiles, true);
  desk.tellOpened(code);
  await until(() => app.toOpen === code, 'the question');
  await app.answerOpen(false);
  assert.equal([app.toOpen, app.visit], [null, visit]);
  desk.tellOpened('salon://join#damaged');
  await until(() => app.diagnosis !== null, 'a sentence about the code');
  assert.equal([app.toOpen, app.visit], [null, visit], 'what leads nowhere asks nothing');
  desk.tellOpened(code);
  await until(() => app.toOpen === code, 'the question again');
  await app.answerOpen(true);
  assert.is.not(app.visit, visit);
  assert.is(app.visit?.fingerprint, other.host.fingerprint);
  app.leave();
  await Promise.all([room.close(), other.close()]);
});

going('has the owner’s code for the room that this computer hosts, and for no other', async () => {
  const [home, other] = [await openRoom(), await openRoom()];
  const desk = new Desk();
  desk.hosting = {
    roomId: home.host.room.id,
    name: home.host.room.name,
    port: home.host.port,
    fingerprint: home.host.fingerprint,
    addresses: [],
    ownerCode: home.host.ownerCode(),
    since: 0,
    online: 0,
    restored: null,
  };
  const app = windowAt(desk);
  await app.start();
  await app.enterHosted();
  assert.equal([app.visit?.status, app.isHome, app.ownerCode], ['door', true, home.host.ownerCode()]);
  app.leave();
  await app.join(other.address);
  await app.visit?.trust();
  assert.equal([app.visit?.status, app.isHome, app.ownerCode], ['door', false, null]);
  app.leave();
  await home.close();
  await other.close();
});

async function ownerInvite(room: TestRoom) {
  const ada = await (await room.knock()).signIn('ada');
  const invite = await ada.caller.ask('invite.create', { role: 'member', expiresInMs: null, uses: null });
  ada.caller.close();
  return invite;
}

going.run();
