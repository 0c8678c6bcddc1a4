import { PassThrough } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Hub } from '../../server/hub.ts';
import { Outgoing, Turn } from '../../server/outgoing.ts';
import type { Id } from '../../server/protocol/entities.ts';
import type { HostFrame } from '../../server/protocol/frames.ts';
import type { Session } from '../../server/session.ts';
import { HandClock } from './hand-clock.ts';

/** As much of a connection as the hub knows. */
function connection(memberId: Id, address: string) {
  const said: HostFrame[] = [];
  const session = {
    ...{ memberId, address, presence: 'here', outgoing: new Outgoing(new PassThrough(), new Turn()) },
    send: (frame: HostFrame) => said.push(frame),
  } as unknown as Session;
  return { session, said };
}

/** Who everybody that was behind hears of. */
function known(hub: Hub): Id[] {
  const { session, said } = connection('ada', '10.0.0.1');
  hub.catchUp(session);
  return said.flatMap((frame) =>
    frame.t === 'signal' && frame.signal.type === 'presence'
      ? frame.signal.changes.map(({ memberId }) => memberId)
      : [],
  );
}

const ended = (authorId: Id, seq = 9) => ({
  event: { type: 'guest.ended', conversationId: 'lobby', seq, at: 1, authorId } as const,
  audience: null,
});

const hubs = suite('The hub');

hubs('forgets a guest whose stay is over, but not at once where they came from', () => {
  const clock = new HandClock();
  const hub = new Hub(clock, new Turn());
  hub.enter(connection('ada', '10.0.0.1').session, 'ada');
  for (let n = 0; n <= 200; n += 1) {
    const { session } = connection(`guest ${n}`, `10.0.1.${n}`);
    hub.cameFrom(`guest ${n}`, session.address);
    hub.enter(session, `guest ${n}`);
    hub.publish([ended(`guest ${n}`)]);
    // The connection breaks in the same moment.
    hub.leave(session, `guest ${n}`, n % 2 === 0);
  }
  assert.is(known(hub).length, 202);
  clock.advance(1_000);
  assert.equal(known(hub), ['ada']);
  assert.equal(hub.addresses('guest 200'), ['10.0.1.200']);
  assert.equal(hub.addresses('guest 0'), []);
  assert.equal(known(hub), ['ada']);
  hub.close();
});

hubs('knows every address that somebody is in the room from, and the one they came from last', () => {
  const hub = new Hub(new HandClock(), new Turn());
  hub.cameFrom('ada', '10.0.0.1');
  assert.equal(hub.addresses('ada'), ['10.0.0.1']);
  // Whoever has only signed in is nobody that others hear of.
  assert.equal(known(hub), []);
  const phone = connection('ada', '10.0.0.2').session;
  hub.enter(phone, 'ada');
  assert.equal(hub.addresses('ada'), ['10.0.0.1', '10.0.0.2']);
  hub.leave(phone, 'ada', true);
  assert.equal(hub.addresses('ada'), ['10.0.0.1']);
  hub.close();
});

hubs.run();
