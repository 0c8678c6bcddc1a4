import type { Id, Language, Timestamp } from '../../../server/protocol/entities.ts';
import { RENAMED, type Role } from './cast.ts';
import type { Chance } from './random.ts';
import { Stage, type Line } from './scenes.ts';

/** What happened in the room before it is shown, in the order of time. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface Member extends Role {
  id: Id;
  joinedAt: Timestamp;
}

export type Happening =
  | { at: Timestamp; what: 'join'; member: Member }
  | { at: Timestamp; what: 'rename'; member: Member; to: string }
  /** To the lobby when `to` is null. */
  | { at: Timestamp; what: 'say'; by: Member; to: readonly Member[] | null; text: string };

export interface Plan {
  happenings: Happening[];
  /** Messages at the end that the owner has not read. */
  unread: number;
}

export interface PlanInput {
  cast: readonly Role[];
  /** To the lobby; what is said in private comes on top. */
  messages: number;
  language: Language;
  openedAt: Timestamp;
  now: Timestamp;
}

/** How many days a room of so many messages has been there. */
export function daysFor(messages: number): number {
  return Math.min(120, 4 + Math.ceil(messages / 400));
}

/** How much is said in each hour of a working day, from midnight on. */
const HOURS = [
  0.02, 0.01, 0, 0, 0, 0, 0.05, 0.2, 0.6, 1, 1, 0.9, 1, 0.8, 1, 1, 0.9, 0.9, 1, 0.8, 0.7, 0.5, 0.3, 0.1,
];
const WEEKEND = 0.35;

export function planHistory(
  { cast, messages, language, openedAt, now }: PlanInput,
  chance: Chance,
  id: (at: Timestamp) => Id,
): Plan {
  const stage = new Stage(language, chance);
  const members = arrivals(cast, openedAt, now, chance, id);
  const opened = members[0]?.joinedAt ?? openedAt;

  const spoken: Happening[] = [];
  const enough = messages - 10;
  while (spoken.length < enough) {
    const start = busyMoment(opened, now - 40 * MINUTE, chance);
    const there = members.filter(({ joinedAt }) => joinedAt <= start);
    spoken.push(...inTime(stage.lobby(there), start, null, chance));
  }
  // Whatever the hour: it has just been lively, and the owner was away.
  const [owner, ...others] = members;
  let last = now - 25 * MINUTE;
  const read = Math.min(spoken.length, Math.max(0, enough));
  while (spoken.length < messages) {
    spoken.push(...inTime(stage.lobby(others.length > 0 ? others : members), last, null, chance));
    last += 2 * MINUTE;
  }
  const lobby = spoken
    .slice(0, messages)
    .map((happening) => ({ ...happening, at: Math.min(happening.at, now - MINUTE / 2) }));

  const happenings: Happening[] = [
    ...members.map((member): Happening => ({ at: member.joinedAt, what: 'join', member })),
    ...lobby,
    ...(owner === undefined ? [] : asides(stage, owner, others, Math.min(200, messages / 8), now, chance)),
  ];
  for (const member of members) {
    const to = RENAMED[member.name.username];
    if (to !== undefined) happenings.push({ at: member.joinedAt + DAY, what: 'rename', member, to });
  }
  return { happenings: happenings.sort((a, b) => a.at - b.at), unread: Math.max(0, messages - read) };
}

/** Two thirds come on the first morning, the others in the first half of the time. */
function arrivals(
  cast: readonly Role[],
  openedAt: Timestamp,
  now: Timestamp,
  chance: Chance,
  id: (at: Timestamp) => Id,
): Member[] {
  const late = openedAt + (now - openedAt) / 2;
  const times = cast.map((_, i) => {
    if (i === 0) return openedAt + MINUTE;
    return Math.round(
      i < 2 || chance.odds(0.66)
        ? chance.between(openedAt + 5 * MINUTE, openedAt + 3 * HOUR)
        : chance.between(openedAt + 3 * HOUR, late),
    );
  });
  return cast.map((role, i) => {
    const joinedAt = times[i] ?? openedAt;
    return { ...role, id: id(joinedAt), joinedAt };
  });
}

function busyMoment(from: Timestamp, to: Timestamp, chance: Chance): Timestamp {
  for (;;) {
    const at = Math.round(chance.between(from, to));
    const date = new Date(at);
    const weekend = date.getDay() === 0 || date.getDay() === 6 ? WEEKEND : 1;
    if (chance.odds((HOURS[date.getHours()] ?? 1) * weekend)) return at;
  }
}

/** A scene's lines as long after each other as it takes to read and to type. */
function inTime(
  lines: readonly Line<Member>[],
  start: Timestamp,
  to: readonly Member[] | null,
  chance: Chance,
): Happening[] {
  let at = start;
  return lines.map(({ by, text }) => {
    const said: Happening = {
      at: Math.round(at),
      what: 'say',
      by,
      to: to?.filter((member) => member !== by) ?? null,
      text,
    };
    at +=
      3_000 +
      Math.min(text.length, 120) * chance.between(60, 160) +
      (chance.odds(0.15) ? chance.between(0, 3 * MINUTE) : chance.between(0, 20_000));
    return said;
  });
}

/** The owner's own conversations first, so that whoever looks at the demo finds some: three of two people, one of four. */
function asides(
  stage: Stage,
  owner: Member,
  others: readonly Member[],
  count: number,
  now: Timestamp,
  chance: Chance,
): Happening[] {
  if (others.length === 0 || count < 1) return [];
  const circles = [1, 2, 3].flatMap((i) =>
    others[i - 1] === undefined ? [] : [[others[i - 1] ?? owner, owner]],
  );
  if (others.length >= 3) circles.push([owner, ...others.slice(0, 3)]);
  const said: Happening[] = [];
  for (let i = 0; said.length < count || i < circles.length; i++) {
    const circle =
      circles[i] ?? (others.length < 2 || chance.odds(0.5) ? chance.one(circles) : chance.some(others, 2));
    const since = Math.max(...circle.map(({ joinedAt }) => joinedAt));
    const at = i === 0 ? now - 12 * MINUTE : busyMoment(since, now - 30 * MINUTE, chance);
    said.push(...inTime(stage.private(circle), at, circle, chance));
  }
  return said;
}
