import { accounts } from './accounts.ts';
import { audit } from './audit.ts';
import { conversations } from './conversations.ts';
import { credentials } from './credentials.ts';
import { members } from './members.ts';
import { messages } from './messages.ts';
import { room } from './room.ts';
import { sessions } from './sessions.ts';
import { usernames } from './usernames.ts';
import type { Database } from './database.ts';
import type { Store } from './records.ts';

/** The store over an open database: one file for each noun, put together. */
export function createStore(db: Database): Store {
  return {
    ...room(db),
    ...accounts(db),
    ...usernames(db),
    ...members(db),
    ...credentials(db),
    ...sessions(db),
    ...conversations(db),
    ...messages(db),
    ...audit(db),
  };
}
