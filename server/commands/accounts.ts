import { ulid } from 'ulid';
import { readPersonName, readUsername } from '../names.ts';
import { LIMITS } from '../protocol/entities.ts';
import { SalonError } from '../protocol/errors.ts';
import { mayComeIn, newSession, signInHere } from './signed-in.ts';
import type { Handlers } from './index.ts';

/** Signing up, signing in, being called something else. */
export const accounts: Pick<
  Handlers,
  'username.check' | 'account.signUp' | 'proof.start' | 'proof.finish' | 'account.rename' | 'account.signOut'
> = {
  async 'username.check'({ store, clock, rules, session, memberId }, { username: typed }) {
    // Who is a member is not for whoever could not become one.
    const maySeeNames = memberId !== null || session.invited || rules.settings.access === 'open';
    try {
      const name = readUsername(typed);
      if (!maySeeNames) return { username: name.username, problem: null };
      return { username: name.username, problem: await store.usernameProblem(name, memberId, clock.now()) };
    } catch (error) {
      if (error instanceof SalonError && error.code === 'NAME_INVALID') {
        return { username: typed, problem: error.detail.why ?? 'NAME_INVALID' };
      }
      throw error;
    }
  },

  async 'account.signUp'(context, input) {
    const { store, hub, clock, session } = context;
    const owner = input.ownerCode !== undefined;
    if (input.ownerCode !== undefined && !context.isOwnerCode(input.ownerCode))
      throw new SalonError('OWNER_CODE');
    const invite = owner || input.invite === undefined ? null : input.invite;
    const inviteId = invite === null ? null : (await context.invites.check(invite, session.address)).id;
    const names = {
      name: readUsername(input.username),
      firstName: readPersonName(input.firstName, 'firstName'),
      lastName: readPersonName(input.lastName, 'lastName'),
    };
    await mayComeIn(context);
    const { record, token } = newSession(input.device);
    const { member, published } = await store.signUp({
      id: ulid(),
      ...names,
      owner,
      password: input.password,
      recovery: input.recovery,
      session: record,
      inviteId,
      now: clock.now(),
    });
    if (owner) context.ownerArrived();
    hub.publish(published);
    signInHere(context, { memberId: member.id, sessionId: record.id, role: member.role });
    return { memberId: member.id, sessionId: record.id, token };
  },

  async 'proof.start'({ session, store, proofs, memberId }, input) {
    // An app sees its channel and ties every proof to it; a page cannot.
    if (input.binding !== (session.channel === 'app' ? 'tls-exporter' : 'none'))
      throw new SalonError('NOT_BOUND');
    if (input.purpose === 'reauth') {
      if (memberId === null) throw new SalonError('NOT_SIGNED_IN');
      const member = await store.member(memberId);
      if (member?.username !== input.username) throw new SalonError('NOT_ALLOWED');
    }
    const state = await proofs.start(input, session.address, session.binding);
    // Meanwhile this connection may have become somebody else's, who has to prove something of their own.
    if (session.memberId !== memberId) throw new SalonError('SESSION_ENDED');
    session.proof = state;
    return proofs.challenge(state);
  },

  async 'proof.finish'(context, { proof, device }) {
    const { session, proofs, store, clock } = context;
    const state = session.proof;
    session.proof = null;
    const { proven, signature } = await proofs.finish(state, proof, session.address);
    if (proven.purpose !== 'signIn') {
      session.proven = proven;
      return { serverSignature: signature, signedIn: null };
    }
    const { record, token } = newSession(device);
    const { ended, role } = await store.createSession(
      proven.memberId,
      record,
      LIMITS.sessionsPerMember,
      clock.now(),
    );
    // First, because this connection may have been one of those that end.
    signInHere(context, { memberId: proven.memberId, sessionId: record.id, role });
    context.endSessions(ended);
    return {
      serverSignature: signature,
      signedIn: { memberId: proven.memberId, sessionId: record.id, token },
    };
  },

  async 'account.rename'({ store, hub, clock, memberId }, { username: typed }) {
    const name = readUsername(typed);
    const published = await store.rename(memberId, name, clock.now());
    if (published !== null) hub.publish([published]);
    return { username: name.username };
  },

  async 'account.signOut'({ store, hub, session, clock, memberId, sessionId, endSessions }) {
    const now = clock.now();
    // Without a password a guest cannot come back as the same: the stay is over, and the name free again.
    if (session.role === 'guest') hub.publish((await store.endGuests([memberId], memberId, now)).published);
    else await store.endSession(memberId, sessionId, now);
    if (session.sessionId === sessionId) session.forget();
    // Two tabs of one browser share a session.
    endSessions([sessionId]);
    return {};
  },
};
