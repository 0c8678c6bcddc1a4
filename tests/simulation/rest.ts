import type { ConversationState } from '../../resources/state/conversation.ts';
import type { Id } from '../../server/protocol/entities.ts';
import type { LogEvent } from '../../server/protocol/events.ts';
import { Broken } from './oracle.ts';
import type { Page } from './page.ts';
import type { World } from './world.ts';

/** How long everybody has to find together again once nothing disturbs them any more. In virtual milliseconds. */
const REST_MS = 240_000;
/** How long whatever is still under way then may take. */
const PEACE_MS = 1_000;
const LOOK_MS = 100;
/** How long somebody may take to read a conversation from its end to its start, over a connection that may be dead. */
const READING_MS = 90_000;

/** Waits until everybody has found together. @throws Broken. */
export async function comeToRest(world: World): Promise<void> {
  const { clock } = world;
  let why: string | null = null;
  let nextLook = 0;
  const isAtRest = () => {
    if (clock.now < nextLook) return false;
    nextLook = clock.now + LOOK_MS;
    why = unrest(world);
    return why === null;
  };
  // Twice: what is still under way the first time may disturb what is at rest.
  for (let times = 0; times < 2; times++) {
    if (!(await clock.run(REST_MS, isAtRest))) throw new Broken(`no rest: ${why}`);
    await clock.pass(PEACE_MS);
  }
}

/** Whether everybody has what there is. At rest. @throws Broken. */
export async function judge(world: World): Promise<void> {
  const { pages, oracle, volume } = world;
  oracle.judgeHost(returnedTo(pages));
  // A page may go on showing what an older room does not have.
  const all = pages.flatMap((page) =>
    page.conversations.flatMap((conversation) => {
      const there = volume.model.conversations.get(conversation.id ?? '');
      return there === undefined ? [] : [{ page, conversation, events: there.events }];
    }),
  );
  // First what they have before them; then what they find when they read everything.
  for (const { page, conversation, events } of all) judgeWindow(page, conversation, events);
  for (const { page, conversation, events } of all) {
    await readWhole(world, page, conversation);
    if (conversation.timeline.events.length !== events.length)
      throw new Broken(
        `read ${conversation.timeline.events.length} of ${events.length} of ${conversation.id}`,
      );
    judgeWindow(page, conversation, events);
  }
}

/** What is still to come, or null. */
function unrest(world: World): string | null {
  if (world.host === null) return 'the host is not back';
  for (const page of world.pages) {
    const why = unrestOf(world, page);
    if (why !== null) return `${page.program.machine.name}: ${why}`;
  }
  return null;
}

function unrestOf({ volume, host, wasRestored }: World, page: Page): string | null {
  const { visit, conversations } = page;
  if (visit.status !== 'in' || visit.room === null || !visit.room.connected) return `is ${visit.status}`;
  const { me, outbox, people } = visit.room;
  // What was written to a conversation that is gone is its author's again.
  const unsent = outbox.pending.filter(({ state }) => !wasRestored || state === 'waiting');
  if (unsent.length > 0) return `has still to send ${JSON.stringify(unsent)}`;
  const known = new Map(conversations.map((each) => [each.id, each.known]));
  for (const { id, events, places } of volume.model.conversations.values())
    if (places.has(me) && known.get(id) !== events.length)
      return `knows ${known.get(id) ?? 'nothing'} of ${events.length} of ${id}`;
  const loads = conversations.find(({ loading }) => loading !== null);
  if (loads !== undefined) return `is loading ${loads.id}`;
  for (const { id, timeline, known: end } of wasRestored ? [] : page.followed)
    if (id !== null && timeline.last !== end) return `its view of ${id} ends at ${timeline.last}, not ${end}`;
  for (const { id, username, presence } of people) {
    const there = host?.hub.presence(id);
    if (presence !== there) return `believes that ${username} is ${presence}, not ${there}`;
  }
  return null;
}

/** What its authors were given back, because an older room has no place for it. */
function returnedTo(pages: readonly Page[]): Set<Id> {
  const pending = pages.flatMap((page) => page.visit.room?.outbox.pending ?? []);
  return new Set(pending.filter(({ state }) => state === 'failed').map(({ id }) => id));
}

function judgeWindow(page: Page, { id, timeline }: ConversationState, events: readonly LogEvent[]): void {
  for (const [i, event] of timeline.events.entries()) {
    const there = events[timeline.first + i - 1];
    if (JSON.stringify(event) === JSON.stringify(there)) continue;
    const whose = page.program.machine.name;
    throw new Broken(`${whose} sees in ${id}: ${JSON.stringify(event)} for ${JSON.stringify(there)}`);
  }
}

async function readWhole({ clock }: World, page: Page, conversation: ConversationState): Promise<void> {
  let done = false;
  const whole = async () => {
    await conversation.jumpToEnd();
    while (!conversation.atStart) await conversation.loadBefore();
    done = true;
  };
  // A connection may be dead still, and nobody knows: then once more on the next.
  const tries = async () => {
    while (!done) await whole().catch(() => new Promise((resolve) => void setTimeout(resolve, 1_000)));
  };
  page.do(() => void tries());
  if (!(await clock.run(READING_MS, () => done)))
    throw new Broken(`${conversation.id} cannot be read to its start`);
}
