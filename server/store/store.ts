import { accounts } from './accounts.ts';
import { attachments } from './attachments.ts';
import { audit } from './audit.ts';
import { bans } from './bans.ts';
import { conversations } from './conversations.ts';
import { credentials } from './credentials.ts';
import { guests } from './guests.ts';
import { invites } from './invites.ts';
import { members } from './members.ts';
import { messages } from './messages.ts';
import { room } from './room.ts';
import { sessions } from './sessions.ts';
import { settings } from './settings.ts';
import { usernames } from './usernames.ts';
import type { Database } from './database.ts';
import type { Store } from './records.ts';

/** The store over an open database: one file for each noun, put together. */
export function createStore(db: Database): Store {
  return {
    ...room(db),
    ...settings(db),
    ...accounts(db),
    ...guests(db),
    ...invites(db),
    ...bans(db),
    ...usernames(db),
    ...members(db),
    ...credentials(db),
    ...sessions(db),
    ...conversations(db),
    ...messages(db),
    ...attachments(db),
    ...audit(db),
  };
}
