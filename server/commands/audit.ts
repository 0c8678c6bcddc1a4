import type { Handlers } from './index.ts';

/** The room's journal, for its owner. */
export const audit: Pick<Handlers, 'audit.list'> = {
  async 'audit.list'({ store }, { before, limit }) {
    return { entries: await store.auditEntries(before ?? null, limit) };
  },
};
