import type { Handlers } from './index.ts';

/** Who may come in, where the room is found, and who has tried. The owner's. */
export const door: Pick<Handlers, 'room.change' | 'room.addresses' | 'knock.list'> = {
  async 'room.change'({ rules, memberId }, change) {
    return rules.change(change, memberId);
  },

  async 'room.addresses'({ whereabouts, port, certificateHash }) {
    return { port: port(), addresses: whereabouts.cards(), certificate: certificateHash };
  },

  async 'knock.list'({ knocks }) {
    return { knocks: knocks() };
  },
};
