import { SalonError } from '../protocol/errors.ts';
import type { Handlers } from './index.ts';

/** Bringing files, and fetching those that messages bring. */
export const files: Pick<Handlers, 'file.begin' | 'file.write' | 'file.read'> = {
  'file.begin': ({ files, memberId }, { hash, size }) => files.begin(memberId, hash, size),

  'file.write': ({ files, memberId }, { hash, offset, data }) =>
    files.write(memberId, hash, offset, Buffer.from(data, 'base64url')),

  // Whoever may read a message may read its file, and nobody else.
  async 'file.read'({ files, store, memberId }, { conversationId, seq, offset }) {
    const { events } = await store.page(conversationId, memberId, { after: seq - 1 }, 1);
    const event = events.find((each) => each.seq === seq);
    if (event?.type !== 'message.posted' || event.file === undefined) throw new SalonError('NO_SUCH_FILE');
    const data = await files.read(memberId, event.file.hash, offset);
    return { data: data.toString('base64url') };
  },
};
