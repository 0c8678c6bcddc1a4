import { ulid } from 'ulid';
import type { Handlers } from './index.ts';

/** Direct conversations, and how far each member has read. */
export const conversations: Pick<Handlers, 'conversation.open' | 'conversation.mark' | 'typing.tell'> = {
  async 'conversation.open'({ store, hub, clock, memberId }, { memberIds }) {
    const { conversation, published } = await store.openDirect(memberIds, memberId, ulid(), clock.now());
    if (published !== null) hub.publish([published]);
    return conversation;
  },

  async 'conversation.mark'({ store, hub, clock, session, memberId }, { conversationId, delivered, read }) {
    const moved = await store.mark(conversationId, memberId, delivered, read, clock.now());
    if (moved === null) return {};
    // In the lobby only the reader's own other devices need to know: telling everybody would be members squared.
    const audience = moved.audience ?? [memberId];
    const receipt = { conversationId, memberId, delivered: moved.delivered, read: moved.read };
    hub.signal({ type: 'receipt', ...receipt }, audience, session);
    return {};
  },

  async 'typing.tell'({ store, hub, session, memberId }, { conversationId }) {
    const audience = await store.audience(conversationId, memberId);
    hub.signal({ type: 'typing', conversationId, memberId }, audience, session);
    return {};
  },
};
