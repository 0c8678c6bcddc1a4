import type { Handlers } from './index.ts';

export const presence: Pick<Handlers, 'presence.set'> = {
  async 'presence.set'({ session, hub, memberId }, { presence: wanted }) {
    session.presence = wanted;
    hub.presenceChanged(memberId);
    return {};
  },
};
