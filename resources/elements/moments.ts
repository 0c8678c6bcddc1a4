import type { RoomSettings, Timestamp } from '../../server/protocol/entities.ts';
import { formatTime, relativeDay, t } from '../locales/locale.ts';

const DAY_MS = 86_400_000;

/** A moment to come, as part of "until …": `18:42`, `midnight`, `tomorrow, 18:42`, `28 November, 18:42`. */
export function momentOf(at: Timestamp, now: number = Date.now()): string {
  const { midnight, tomorrow, atTime } = t().invite;
  if (isMidnight(at) && at - now <= DAY_MS) return midnight;
  const today = startOfDay(now);
  if (at < nextDay(today)) return formatTime(at);
  const day = at < nextDay(nextDay(today)) ? tomorrow : relativeDay(at, now);
  return atTime(day, formatTime(at));
}

/** A moment that is over: `14:32` today, else with its day. */
export function momentPast(at: Timestamp, now: number = Date.now()): string {
  if (at >= startOfDay(now) && at < nextDay(startOfDay(now))) return formatTime(at);
  return t().invite.atTime(relativeDay(at, now), formatTime(at));
}

/** The midnight that ends today, by this computer's calendar. */
export function tonight(now: number = Date.now()): Timestamp {
  return nextDay(startOfDay(now));
}

/** Guests may come in now, by whichever way. */
export function areGuestsLetIn({ guestsUntil }: RoomSettings, now: number = Date.now()): boolean {
  return guestsUntil !== null && guestsUntil > now;
}

/** "Guest, until 23:59": what a guest is called in a list of people. */
export function guestNote({ guestsUntil }: RoomSettings, now: number = Date.now()): string {
  const { guestNow, guestMidnight, guestUntil } = t().room;
  if (guestsUntil === null || guestsUntil <= now) return guestNow;
  return isMidnight(guestsUntil) && guestsUntil - now <= DAY_MS
    ? guestMidnight
    : guestUntil(momentOf(guestsUntil, now));
}

/** The host counts from when it was asked: a moment after midnight, or before, is midnight. */
function isMidnight(at: Timestamp): boolean {
  return Math.abs(at - nextDay(startOfDay(at - DAY_MS / 2))) < 60_000;
}

function startOfDay(at: Timestamp): Timestamp {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** Summer time makes days of 23 and 25 hours. */
function nextDay(start: Timestamp): Timestamp {
  const date = new Date(start);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime();
}
