import { quickId, eventText, maskedText, nowText } from './frames.ts';
import { Member, Tally, type Place } from './member.ts';
import { frameText } from '../../server/outgoing.ts';
import type { CrowdMethods } from './crowd.ts';

/** The program behind `Crowd`: many members in one process of its own. */

let tally = new Tally();
let place: Place = { port: 0, tls: false, speaks: 'raw' };
let members: Member[] = [];
let stop: () => void = () => undefined;

const methods: CrowdMethods = {
  async connect(where, people, atOnce) {
    place = where;
    const began = performance.now();
    const waiting = people.map((token, i) => ({ token, i: members.length + i }));
    const arrivals = Array.from({ length: Math.min(atOnce, people.length) }, async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        members[next.i] = await persistently(() => arrive(next.i, next.token));
      }
    });
    await Promise.all(arrivals);
    return performance.now() - began;
  },

  async start({ senders, window, perSecond, bodyBytes, where, sampleEvery }) {
    tally.sampleEvery = sampleEvery ?? 0;
    tally.deliveryMs.length = tally.answerMs.length = 0;
    for (const member of members) member.startAnew();
    const padding = 'x'.repeat(Math.max(0, bodyBytes - nowText().length));
    const speaking = members.slice(0, senders).map((member, i) => {
      const conversation = typeof where === 'string' ? where : (where[i] ?? '');
      return () => say(member, conversation, `${nowText()}${padding}`);
    });
    stop = perSecond === undefined ? saturate(speaking, window) : pace(speaking, perSecond);
  },

  async counters() {
    const { user, system } = process.cpuUsage();
    const { delivered, acknowledged, posted, bytes } = tally;
    return { at: performance.now(), cpu: (user + system) / 1e6, delivered, acknowledged, posted, bytes };
  },

  async finish(listenersOfEach) {
    stop();
    const deadline = performance.now() + 60_000;
    const complete = () =>
      tally.acknowledged === tally.posted && tally.delivered === tally.posted * listenersOfEach;
    while (!complete() && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const { delivered, posted, acknowledged, outOfOrder, refused } = tally;
    if (refused !== '') throw new Error(`refused: ${refused}`);
    if (!complete() || outOfOrder > 0) {
      throw new Error(
        `posted ${posted}, answered ${acknowledged}, delivered ${delivered}, out of order ${outOfOrder}`,
      );
    }
    const told = { deliveryMs: [...tally.deliveryMs], answerMs: [...tally.answerMs] };
    Object.assign(tally, { delivered: 0, posted: 0, acknowledged: 0, sampleEvery: 0 });
    return told;
  },

  async ask(member, command, input) {
    return members[member]?.ask(command, input);
  },

  async timed(member, asks) {
    const times: number[] = [];
    for (const [command, input] of asks) {
      const began = performance.now();
      await members[member]?.ask(command, input);
      times.push(performance.now() - began);
    }
    return times;
  },

  async open() {
    return members.filter(({ isOpen }) => isOpen).length;
  },

  async leave() {
    for (const member of members) member.destroy();
    members = [];
    tally = new Tally();
  },
};

async function arrive(number: number, token: string): Promise<Member> {
  const member = await Member.connect(place, tally, String(number).padStart(26, '0'));
  if (place.speaks === 'salon') await member.enter(token);
  return member;
}

/** As clients do: a host that has just started, or is busy, may cut whoever comes with five hundred others. */
async function persistently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === 5) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500 * tries * (0.5 + Math.random())));
    }
  }
}

/** Keeps so many unanswered messages of each sender on their way. */
function saturate(speaking: readonly (() => void)[], window: number): () => void {
  speaking.forEach((speak, i) => {
    const member = members[i];
    if (member === undefined) return;
    member.onRoom = speak;
    for (let n = 0; n < window; n += 1) speak();
  });
  return () => {
    for (const member of members) member.onRoom = () => undefined;
  };
}

/** So many in a second by all together, evenly, whatever comes back. */
function pace(speaking: readonly (() => void)[], perSecond: number): () => void {
  const began = performance.now();
  let said = 0;
  const timer = setInterval(() => {
    const due = ((performance.now() - began) / 1000) * perSecond;
    while (said < due) speaking[said++ % speaking.length]?.();
  }, 1);
  return () => clearInterval(timer);
}

const unmasked = (text: string) => frameText(text);

function say(member: Member, conversation: string, body: string): void {
  if (place.speaks === 'salon') {
    member.post(`{"id":"${quickId()}","conversationId":"${conversation}","body":"${body}"}`);
  } else {
    // A number of as many digits as the host's own.
    const text = eventText(100_000 + (tally.posted % 900_000), member.author, body);
    member.say(text, place.speaks === 'raw' ? unmasked : maskedText);
  }
}

interface Call {
  id: number;
  method: keyof CrowdMethods;
  args: never[];
}

process.on('message', ({ id, method, args }: Call) => {
  const work: (...given: never[]) => Promise<unknown> = methods[method];
  work(...args).then(
    (value) => process.send?.({ id, value }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
