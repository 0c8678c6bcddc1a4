import type { Dialled } from '../server/dial.ts';
import type { Nearby } from '../server/nearby.ts';
import type { Target } from '../server/protocol/control.ts';
import { spokenMeans } from '../server/protocol/invite.ts';
import { race } from '../server/race.ts';
import type { HostMode } from './hosting.ts';
import type { Profile } from './profile.ts';

/** Where it is said to be has not answered at once: only then is the network asked. In milliseconds. */
const ASK_AROUND_MS = 200;
/** A room that we knew may have moved, and it takes a moment to hear of it. In milliseconds. */
const FOUND_AGAIN_MS = 12_000;

/** Looks for a room wherever it may be: where it is said to be, where it was before, and where it announces itself. */
export async function findRoom(
  target: Target,
  {
    profile,
    nearby,
    hostMode,
  }: { profile: Profile; nearby: Nearby; hostMode: Pick<HostMode, 'fingerprint'> },
  signal: AbortSignal,
): Promise<Dialled> {
  const { fingerprint, prefix, spoken } = target;
  const known = fingerprint === null ? undefined : profile.known(fingerprint);
  const addresses = [...target.addresses, ...(known?.addresses ?? [])];
  const isMeant = (seen: string) => {
    if (fingerprint !== null) return fingerprint.startsWith(seen);
    if (spoken !== null) return spokenMeans(spoken, seen);
    // Whoever typed an address means that address.
    return prefix !== '' && seen.startsWith(prefix.slice(0, seen.length));
  };
  const dialled = await race(
    addresses,
    { fingerprint, prefix },
    {
      signal,
      isOurs: (found) => found === hostMode.fingerprint || profile.known(found)?.hosted === true,
      ...(known === undefined ? {} : { limitMs: FOUND_AGAIN_MS }),
      ...(spoken === null ? {} : { accepts: (found: string) => spokenMeans(spoken, found) }),
      ...(isAnybody(target)
        ? {}
        : { more: (add) => askAround(nearby, isMeant, add, addresses.length === 0 ? 0 : ASK_AROUND_MS) }),
    },
  );
  try {
    profile.foundAt(dialled.fingerprint, dialled.address);
  } catch (error) {
    // A full disk is no reason not to go in.
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  }
  return dialled;
}

function askAround(
  nearby: Nearby,
  isMeant: (prefix: string) => boolean,
  add: (addresses: readonly string[]) => void,
  afterMs: number,
): () => void {
  const look = () => add(nearby.addressesOf(isMeant));
  const ends = [nearby.onFound(look)];
  const later = setTimeout(() => {
    ends.push(nearby.watch());
    look();
  }, afterMs);
  look();
  return () => {
    clearTimeout(later);
    for (const end of ends) end();
  };
}

function isAnybody({ fingerprint, prefix, spoken }: Target): boolean {
  return fingerprint === null && prefix === '' && spoken === null;
}
