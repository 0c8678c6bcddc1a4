import { ulid } from 'ulid';
import { readPersonName, readUsername } from '../names.ts';
import { LIMITS } from '../protocol/entities.ts';
import { SalonError } from '../protocol/errors.ts';
import { newSession, signInHere } from './signed-in.ts';
import type { Handlers } from './index.ts';

/** Signing up, signing in, being called something else. */
export const accounts: Pick<
  Handlers,
  'username.check' | 'account.signUp' | 'proof.start' | 'proof.finish' | 'account.rename' | 'account.signOut'
> = {
  async 'username.check'({ store, clock, memberId }, { username: typed }) {
    try {
      const name = readUsername(typed);
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
    const { record, token } = newSession(input.device);
    const { member, published } = await store.signUp({
      id: ulid(),
      name: readUsername(input.username),
      firstName: readPersonName(input.firstName, 'firstName'),
      lastName: readPersonName(input.lastName, 'lastName'),
      owner,
      password: input.password,
      recovery: input.recovery,
      session: record,
      now: clock.now(),
    });
    if (owner) context.ownerArrived();
    hub.publish(published);
    signInHere(session, member.id, record.id);
    return { memberId: member.id, sessionId: record.id, token };
  },

  async 'proof.start'({ session, store, proofs, memberId }, input) {
    if (input.purpose === 'reauth') {
      if (memberId === null) throw new SalonError('NOT_SIGNED_IN');
      const member = await store.member(memberId);
      if (member?.username !== input.username) throw new SalonError('NOT_ALLOWED');
    }
    const state = await proofs.start(input, session.address);
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
    const { ended } = await store.createSession(
      proven.memberId,
      record,
      LIMITS.sessionsPerMember,
      clock.now(),
    );
    // First, because this connection may have been one of those that end.
    signInHere(session, proven.memberId, record.id);
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

  async 'account.signOut'({ store, session, clock, memberId, sessionId, endSessions }) {
    await store.endSession(memberId, sessionId, clock.now());
    if (session.sessionId === sessionId) session.forget();
    // Two tabs of one browser share a session.
    endSessions([sessionId]);
    return {};
  },
};
