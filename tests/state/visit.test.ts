// time limit: 120 s
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocketServer } from 'ws';
import { openRoom, PASSWORD, refusal } from '../support/room.ts';
import { until, Visitor } from '../support/visitor.ts';

const visiting = suite('A visit');

/** A room that browsers find over HTTPS. */
const page = { door: 'encrypted' } as const;

visiting('comes back by itself after the host was away, without a password', async () => {
  const room = await openRoom();
  const ada = new Visitor(() => room.address);
  await ada.signUp('ada', room.host.ownerCode());
  await room.restart();
  await until(() => ada.visit.status === 'in', 'ada to be back');
  assert.is(ada.room.self.username, 'ada');
  ada.leave();
  await room.close();
});

visiting(
  'keeps what it shows when a message arrives just before the answer that lets it back in',
  async () => {
    const room = await openRoom();
    const [ada, bob] = [new Visitor(() => room.address), new Visitor(() => room.address)];
    await ada.signUp('ada', room.host.ownerCode());
    await bob.signUp('bob', null);
    await ada.room.post(ada.room.lobby, 'before');
    await until(() => ada.room.outbox.pending.length === 0, 'the host to have it');
    const { head } = await ada.room.page(ada.room.lobby.id ?? '', { before: 1e6 }, 1);
    await until(() => bob.room.lobby.known === head, 'bob to hear it');
    await bob.room.lobby.open();

    // The host listens for him before it reads what there is; an event may overtake the answer.
    let isHeld = false;
    const late: (() => void)[] = [];
    bob.arriving = (frame, pass) => {
      if (frame.includes('"conversations"')) {
        isHeld = true;
        late.push(pass);
      } else {
        pass();
        if (frame.includes('"in between"')) for (const each of late.splice(0)) each();
      }
    };
    bob.cut();
    await until(() => isHeld, 'the answer that lets bob in');
    await ada.room.post(ada.room.lobby, 'in between');
    await until(() => bob.visit.status === 'in', 'bob to be back');

    const bodies = bob.room.lobby.timeline.events.map((event) =>
      event.type === 'message.posted' ? event.body : '',
    );
    assert.equal(bodies.slice(-2), ['before', 'in between']);
    for (const visitor of [ada, bob]) visitor.leave();
    await room.close();
  },
);

visiting('stands at the door again when its session was ended elsewhere, and says so', async () => {
  const room = await openRoom();
  const ada = new Visitor(() => room.address);
  await ada.signUp('ada', room.host.ownerCode());
  const other = await (await room.knock()).signIn('ada', PASSWORD);
  const staged = { file: new File(['x'], 'x.txt'), picture: null };
  ada.room.lobby.draft = 'half a';
  ada.room.lobby.staged = [staged];
  await other.caller.ask('session.end', { sessionId: ada.room.sessionId });
  await until(() => ada.visit.status === 'door', 'the door');
  assert.is(ada.visit.outBecause, 'sessionEnded');
  await ada.visit.signIn('ada', PASSWORD);
  assert.is(ada.visit.status, 'in');
  assert.equal([ada.room.lobby.draft, ada.room.lobby.staged], ['half a', [staged]], 'nothing is gone');
  await ada.visit.signOut();
  await ada.visit.signIn('ada', PASSWORD);
  assert.equal(ada.room.lobby.staged, [], 'who goes on purpose leaves nothing in memory');
  ada.leave();
  await room.close();
});

visiting('ends when the host speaks another version, instead of knocking for ever', async () => {
  const old = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'salon.v1' });
  await new Promise((resolve) => old.on('listening', resolve));
  let knocks = 0;
  old.on('connection', (socket) => {
    knocks += 1;
    socket.on('message', (data: Buffer) => {
      const { id } = JSON.parse(data.toString()) as { id: number };
      socket.send(JSON.stringify({ t: 'refused', id, code: 'VERSION', retry: false, text: 'Update.' }));
      socket.close(4010);
    });
  });
  const ada = new Visitor(() => `127.0.0.1:${(old.address() as { port: number }).port}`, {
    channel: 'simple',
  });
  const outcome = await ada.visit.begin(true).catch((error: { code: string }) => error.code);
  assert.is(outcome, 'VERSION');
  assert.is(ada.visit.status, 'ended');
  await new Promise((resolve) => setTimeout(resolve, 600));
  assert.is(knocks, 1);
  ada.leave();
  old.close();
});

visiting(
  'says that nobody answered when it is the first time, and keeps trying when there is nowhere else to go',
  async () => {
    const browser = new Visitor(() => '127.0.0.1:9', { channel: 'simple' });
    assert.is(await browser.visit.begin().catch((error: Error) => error.name), 'ConnectionLost');
    await browser.visit.begin(true);
    assert.is(browser.visit.status, 'lost');
    const app = new Visitor(() => '127.0.0.1:9');
    assert.is(await app.visit.begin().catch((error: Error) => error.name), 'NoWayIn');
    assert.equal([app.visit.diagnosis?.code, app.visit.diagnosis?.address], ['refused', '127.0.0.1:9']);
    for (const visitor of [browser, app]) visitor.leave();
  },
);

visiting('a text to a former name finds the person, as long as nobody else has that name', async () => {
  const room = await openRoom();
  const ada = new Visitor(() => room.address);
  const bob = new Visitor(() => room.address);
  await ada.signUp('ada', room.host.ownerCode());
  await bob.signUp('bob', null);
  await bob.room.rename('robert');
  await until(() => ada.room.members.get(bob.room.me)?.username === 'robert', 'the new name');
  const expected = { kind: 'private', text: 'hello', memberIds: [bob.room.me] };
  assert.equal(ada.room.readAddress('hello@bob'), expected);
  await ada.reload();
  await until(() => ada.visit.status === 'in', 'ada to be back');
  assert.equal(ada.room.readAddress('hello@bob'), expected);
  assert.equal(ada.room.readAddress('hello@robert'), expected);
  for (const visitor of [ada, bob]) visitor.leave();
  await room.close();
});

visiting(
  'in a page shows a token of one room to no other room, and keeps it for when the first is back',
  async () => {
    const [one, other] = [await openRoom(page), await openRoom(page)];
    const ada = new Visitor(() => one.address, { channel: 'encrypted' });
    await ada.signUp('ada', one.host.ownerCode());
    const token = ada.kept.get(`token/${one.host.fingerprint}`) ?? '';
    assert.match(token, /./);
    const { port } = one.host;
    await one.host.close();
    const before = ada.said.length;
    // Another room answers where the first one was.
    await other.restart({ port });
    await until(() => ada.visit.status === 'door', 'the door of the other room');
    assert.is(ada.visit.about?.room.id, other.host.room.id);
    assert.is(ada.visit.fingerprint, other.host.fingerprint);
    assert.is(ada.visit.room, null);
    assert.equal(ada.visit.people, []);
    assert.not.match(ada.said.slice(before).join(), token);
    assert.is(ada.kept.get(`token/${one.host.fingerprint}`), token);
    ada.leave();
    await other.close();
  },
);

visiting('that was left while nobody answered does not begin again', async () => {
  let asked = 0;
  const ada = new Visitor(() => {
    asked += 1;
    return '127.0.0.1:9';
  });
  const begun = ada.visit.begin(true).catch(() => undefined);
  ada.leave();
  await begun;
  await new Promise((resolve) => setTimeout(resolve, 800));
  assert.ok(asked <= 2, `${asked} attempts`);
  assert.is.not(ada.visit.status, 'in');
});

visiting('signing out while the room is away ends the session as soon as it is back', async () => {
  const room = await openRoom();
  const ada = new Visitor(() => room.address);
  await ada.signUp('ada', room.host.ownerCode());
  const token = ada.kept.get(`token/${room.host.fingerprint}`) ?? '';
  const { port } = room.host;
  await room.host.close();
  await until(() => ada.visit.status === 'lost', 'the loss');
  await ada.visit.signOut();
  await room.restart({ port });
  await ada.reload();
  await until(() => ada.visit.status === 'door', 'the door');
  const caller = await room.knock();
  assert.is(await refusal(caller.ask('session.resume', { token })), 'SESSION_ENDED');
  ada.leave();
  await room.close();
});

visiting('what was sent does not come back as a draft, however quickly the page goes', async () => {
  const room = await openRoom();
  const ada = new Visitor(() => room.address);
  await ada.signUp('ada', room.host.ownerCode());
  const { lobby } = ada.room;
  lobby.draft = 'sent at once';
  ada.room.keepDraftsNow();
  lobby.draft = '';
  await ada.room.post(lobby, 'sent at once');
  await ada.reload();
  await until(() => ada.visit.status === 'in', 'ada to be back');
  assert.is(ada.room.lobby.draft, '');
  ada.leave();
  await room.close();
});

visiting('at the door of a room without an owner, notices by itself when the owner has come', async () => {
  const room = await openRoom();
  const bob = new Visitor(() => room.address);
  await bob.begin();
  assert.is(bob.visit.about?.needsOwner, true);
  const ada = new Visitor(() => room.address);
  await ada.signUp('ada', room.host.ownerCode());
  await until(() => bob.visit.about?.needsOwner === false, 'bob to notice');
  await bob.signUp('bob', null);
  assert.is(bob.visit.status, 'in');
  for (const visitor of [ada, bob]) visitor.leave();
  await room.close();
});

visiting('a draft written before the other one wrote is not there twice, nor after it was sent', async () => {
  const room = await openRoom();
  const [ada, bob] = [new Visitor(() => room.address), new Visitor(() => room.address)];
  await ada.signUp('ada', room.host.ownerCode());
  await bob.signUp('bob', null);
  await until(() => ada.room.members.size === 2, 'ada to see bob');
  ada.room.direct([bob.room.me]).draft = 'I was about to ask';
  ada.room.keepDraftsNow();
  ada.leave();
  await bob.room.post(bob.room.direct([ada.room.me]), 'first');
  await until(() => bob.room.outbox.pending.length === 0, 'bob’s message to leave');
  await ada.reload();
  await until(() => ada.visit.status === 'in', 'ada to be back');
  const direct = ada.room.direct([bob.room.me]);
  assert.is(direct.draft, 'I was about to ask');
  direct.draft = '';
  await ada.room.post(direct, 'I was about to ask');
  await ada.reload();
  await until(() => ada.visit.status === 'in', 'ada to be back again');
  assert.is(ada.room.direct([bob.room.me]).draft, '');
  for (const visitor of [ada, bob]) visitor.leave();
  await room.close();
});

visiting(
  'that wakes up leaves a connection that is dead without a word, and keeps one that is not',
  async () => {
    const room = await openRoom();
    const ada = new Visitor(() => room.address);
    await ada.signUp('ada', room.host.ownerCode());
    const socket = [...ada.sockets].at(-1);
    ada.visit.check();
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    assert.is(socket?.readyState, socket?.OPEN);

    // While the computer slept, a router forgot the connection: nothing arrives on it any more.
    let isDead = true;
    ada.arriving = (_, pass) => {
      if (!isDead) pass();
    };
    ada.visit.subscribe(() => {
      if (ada.visit.status === 'lost') isDead = false;
    });
    await ada.room.post(ada.room.lobby, 'good morning');
    ada.visit.check();
    await until(() => !isDead, 'the dead connection to be left');
    await until(
      () => ada.visit.status === 'in' && ada.room.outbox.pending.length === 0,
      'ada to be back, and her message away',
    );
    ada.leave();
    await room.close();
  },
);

visiting('at a door without an owner comes back although its question was never answered', async () => {
  const room = await openRoom();
  const bob = new Visitor(() => room.address);
  await bob.begin();
  let isDead = true;
  bob.arriving = (_, pass) => {
    if (!isDead) pass();
  };
  // Asks whether the owner has come, on a connection that ends before there is an answer.
  bob.visit.tryNow();
  const hellos = () => bob.said.filter((frame) => frame.includes('"hello"')).length;
  await until(() => hellos() === 2, 'bob to ask again');
  isDead = false;
  bob.cut();
  await until(() => hellos() > 2 && bob.visit.status === 'door', 'bob to be at the door again');
  bob.leave();
  await room.close();
});

visiting('hears of somebody’s presence before their name without harm', async () => {
  const room = await openRoom();
  const ada = new Visitor(() => room.address);
  await ada.signUp('ada', room.host.ownerCode());
  const stranger = '01M83JJ311C8J73DKNRAJZ3094';
  ada.room.hearSignal({
    type: 'presence',
    changes: [{ memberId: stranger, presence: 'away', lastSeenAt: null }],
  });
  assert.equal(ada.room.readAddress('hello@somebody'), { kind: 'unknown', name: 'somebody' });
  assert.is(ada.room.members.has(stranger), false);
  ada.leave();
  await room.close();
});

visiting.run();
