import type { Hosting, NearbyRoom, RecentRoom } from '../../server/protocol/control.ts';

/** A room that announces itself, and how it is remembered, if its key is known here. */
export interface OpenPlace {
  room: NearbyRoom;
  known: RecentRoom | null;
}

/** Each room once: those open nearby, without the one hosted here, and then those visited that are not among them. */
export function placesOf(
  nearby: readonly NearbyRoom[],
  recent: readonly RecentRoom[],
  hosting: Hosting | null,
): { open: OpenPlace[]; visited: RecentRoom[] } {
  const open = nearby
    .filter((room) => hosting === null || !isOf(room, hosting.fingerprint))
    .map((room) => ({ room, known: recent.find(({ fingerprint }) => isOf(room, fingerprint)) ?? null }));
  const shown = new Set(open.map(({ known }) => known?.fingerprint));
  return { open, visited: recent.filter(({ fingerprint }) => !shown.has(fingerprint)) };
}

/** What is announced is only a claim: whoever goes there pins the key that is known. */
function isOf({ prefix }: NearbyRoom, fingerprint: string): boolean {
  return prefix !== '' && fingerprint.startsWith(prefix);
}
