import { SalonError } from '../protocol/errors.ts';
import type { Handlers } from './index.ts';
import { hashToken, signInHere } from './signed-in.ts';

const DAY_MS = 24 * 60 * 60_000;
/** A session unused for so long has ended, and none lasts longer than a year. In milliseconds. */
const IDLE_MS = 30 * DAY_MS;
const ABSOLUTE_MS = 365 * DAY_MS;

/** The places where a member is signed in. */
export const sessions: Pick<Handlers, 'session.resume' | 'session.list' | 'session.end'> = {
  async 'session.resume'(context, { token }) {
    const { session, store, clock } = context;
    const found = await store.resumeSession(hashToken(token), IDLE_MS, ABSOLUTE_MS, clock.now());
    if (found === null) throw new SalonError('SESSION_ENDED');
    if (session.channel === 'simple' && found.role !== 'guest') throw new SalonError('ENCRYPTED_ONLY');
    signInHere(context, { memberId: found.memberId, sessionId: found.id, role: found.role });
    return { memberId: found.memberId, sessionId: found.id };
  },

  async 'session.list'({ store, hub, memberId, sessionId }) {
    const sessions = await store.sessions(memberId);
    return {
      sessions: sessions.map(({ id, device, createdAt, lastSeenAt }) => ({
        id,
        device,
        createdAt,
        lastSeenAt,
        current: id === sessionId,
        online: hub.isOnline(id),
      })),
    };
  },

  async 'session.end'({ store, clock, memberId, endSessions }, { sessionId }) {
    if (await store.endSession(memberId, sessionId, clock.now())) endSessions([sessionId]);
    return {};
  },
};
