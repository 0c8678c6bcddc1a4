import * as v from 'valibot';
import {
  Access,
  AuditEntry,
  Ban,
  BrowserDoor,
  bytes,
  CardAddress,
  Channel,
  CodeCredential,
  Conversation,
  Credential,
  Fingerprint,
  FileHash,
  FileSize,
  FormerName,
  Id,
  Invite,
  InviteKey,
  InviteRole,
  Knock,
  Language,
  LIMITS,
  Member,
  Restoration,
  Room,
  RoomSettings,
  Seq,
  SessionInfo,
  StoredFile,
  Timestamp,
  TypedBody,
  TypedFileName,
  TypedName,
} from './entities.ts';
import { LogEvent } from './events.ts';

/**
 * Everything a client may ask. A command declares who may ask it and which allowance it draws on; one without a
 * declaration does not exist, and one without a handler does not compile (`server/commands/index.ts`).
 */

/** Who may ask: `anyone` after `hello`, whoever is in as at least a `guest`, a `member`, or the room's `owner`. */
export type Audience = 'anyone' | 'guest' | 'member' | 'owner';

/** Which rate limit a command draws on, besides the general one (`server/limits.ts`). */
export type Allowance = 'general' | 'post' | 'history' | 'file' | 'typing' | 'proof' | 'signUp';

const nothing = v.strictObject({});
const done = v.object({});

const Device = v.pipe(v.string(), v.maxLength(80));
const Token = bytes(32);

/** `reauth` proves the password again before a change; `recovery` and `reset` prove a code instead. */
export const ProofPurpose = v.picklist(['signIn', 'reauth', 'recovery', 'reset']);
export type ProofPurpose = v.InferOutput<typeof ProofPurpose>;

const SignedIn = v.object({
  memberId: Id,
  sessionId: Id,
  /** Shown once; resumes this session after any break. The host keeps only its hash. */
  token: Token,
});

/** Bytes of a file, base64url. */
const FileData = v.pipe(
  v.string(),
  v.maxLength(Math.ceil((LIMITS.fileWriteBytes * 4) / 3)),
  v.regex(/^[A-Za-z0-9_-]*$/),
);

const FileProgress = v.object({ received: FileSize, stored: v.nullable(StoredFile) });
export type FileProgress = v.InferOutput<typeof FileProgress>;

function command<const W extends Audience, I extends v.GenericSchema, R extends v.GenericSchema>(
  who: W,
  allowance: Allowance,
  input: I,
  result: R,
) {
  return { who, allowance, input, result };
}

export const COMMANDS = {
  /** Always first. Anything may be refused with `VERSION` when the two do not speak one version. */
  hello: command(
    'anyone',
    'general',
    v.strictObject({
      protocol: v.pipe(v.number(), v.safeInteger()),
      language: Language,
      client: v.pipe(v.string(), v.maxLength(80)),
    }),
    v.object({
      protocol: v.number(),
      room: Room,
      /** The lineage of the host's database: another one means that numbers start anew. */
      epoch: Id,
      /** Nobody owns the room yet: the first to sign up must bring the owner's code. */
      needsOwner: v.boolean(),
      now: Timestamp,
      fingerprint: Fingerprint,
      /** How this connection came in. */
      channel: Channel,
      settings: RoomSettings,
    }),
  ),

  /** What an invite allows, before anybody fills in a form. */
  'invite.check': command(
    'anyone',
    'proof',
    InviteKey,
    v.object({
      role: InviteRole,
      expiresAt: v.nullable(Timestamp),
      usesLeft: v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
    }),
  ),
  /**
   * Shows that the client knows an invite's short form, on this very channel, and has the host show the same: see
   * `spokenProof` in `server/client/spoken.ts`. Which invite it is, the host finds out.
   */
  'invite.prove': command(
    'anyone',
    'proof',
    v.strictObject({ proof: bytes(32) }),
    v.object({ proof: bytes(32), id: Id, secret: bytes(16), role: InviteRole }),
  ),
  /** In as a guest under a name of one's choice, where the room lets guests in. A member's invite does as well, but not on `simple`. */
  'guest.enter': command(
    'anyone',
    'signUp',
    v.strictObject({ name: TypedName, device: Device, invite: v.optional(InviteKey) }),
    SignedIn,
  ),

  /** Free to choose? `problem` is null, or why not. */
  'username.check': command(
    'anyone',
    'proof',
    v.strictObject({ username: TypedName }),
    v.object({ username: v.string(), problem: v.nullable(v.string()) }),
  ),
  'account.signUp': command(
    'anyone',
    'signUp',
    v.strictObject({
      lastName: TypedName,
      firstName: TypedName,
      username: TypedName,
      password: Credential,
      recovery: CodeCredential,
      device: Device,
      /** Makes this account the room's owner. Refused once there is one. */
      ownerCode: v.optional(v.pipe(v.string(), v.maxLength(64))),
      /** Needed where the room is by invitation. */
      invite: v.optional(InviteKey),
    }),
    SignedIn,
  ),
  /** First half of the challenge–response. Unknown names get an answer of the same shape. */
  'proof.start': command(
    'anyone',
    'proof',
    v.strictObject({
      purpose: ProofPurpose,
      username: TypedName,
      clientNonce: bytes(24),
      /** What the proof is tied to: an app must say `tls-exporter`; only a page, which cannot see its channel, `none`. */
      binding: v.picklist(['none', 'tls-exporter']),
    }),
    v.object({
      serverNonce: bytes(24),
      algorithm: v.picklist(['scrypt', 'hkdf']),
      log2N: v.number(),
      r: v.number(),
      p: v.number(),
      salt: bytes(16),
    }),
  ),
  /** Second half. The client checks `serverSignature` before it trusts the host. `signedIn` is null unless `signIn`. */
  'proof.finish': command(
    'anyone',
    'proof',
    v.strictObject({ proof: bytes(32), device: Device }),
    v.object({ serverSignature: bytes(32), signedIn: v.nullable(SignedIn) }),
  ),
  'session.resume': command(
    'anyone',
    'general',
    v.strictObject({ token: Token }),
    v.object({ memberId: Id, sessionId: Id }),
  ),
  /** After a proof of a recovery or reset code, on the same connection. Ends every session of the member. */
  'password.reset': command(
    'anyone',
    'proof',
    v.strictObject({ password: Credential, recovery: CodeCredential, device: Device }),
    SignedIn,
  ),

  /** Everything the member needs to draw the room; log events and signals follow from here on. */
  'room.enter': command(
    'guest',
    'general',
    nothing,
    v.object({
      room: Room,
      epoch: Id,
      me: Id,
      sessionId: Id,
      members: v.array(Member),
      formerNames: v.array(FormerName),
      conversations: v.array(Conversation),
      now: Timestamp,
      settings: RoomSettings,
      restored: v.nullable(Restoration),
      fingerprint: Fingerprint,
      /** Where the room can be found, best first, as `host:port`: its own addresses, then those others came by. */
      addresses: v.array(v.string()),
    }),
  ),

  /**
   * To a conversation, or `to` people: then the direct conversation of exactly them and the author, opened if need be.
   * `id` is chosen by the client: the same id again gives the first answer again.
   */
  'message.post': command(
    'guest',
    'post',
    v.strictObject({
      id: Id,
      conversationId: v.optional(Id),
      to: v.optional(v.pipe(v.array(Id), v.minLength(1), v.maxLength(LIMITS.directMembers))),
      /** May be empty where there is a file. */
      body: TypedBody,
      /** One that this member has brought to the host. */
      file: v.optional(v.strictObject({ hash: FileHash, name: TypedFileName })),
    }),
    v.object({ conversationId: Id, seq: Seq, at: Timestamp }),
  ),
  /**
   * A file is coming, or the rest of it: how many bytes of it the host has from this member. With all of them it is
   * `stored`, and may be posted.
   */
  'file.begin': command(
    'guest',
    'file',
    v.strictObject({ hash: FileHash, size: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) }),
    FileProgress,
  ),
  /** The next bytes, base64url. What the host has already is not written again; after a gap nothing is. */
  'file.write': command(
    'guest',
    'file',
    v.strictObject({ hash: FileHash, offset: FileSize, data: FileData }),
    FileProgress,
  ),
  /** Bytes of the file of a message, base64url: `LIMITS.fileReadBytes` of them, or fewer at its end. */
  'file.read': command(
    'guest',
    'file',
    v.strictObject({ conversationId: Id, seq: Seq, offset: FileSize }),
    v.object({ data: v.string() }),
  ),
  /** "Don't keep it": erases one's own private message that nobody else has received yet. */
  'message.withdraw': command('member', 'post', v.strictObject({ conversationId: Id, seq: Seq }), done),
  /** The direct conversation of exactly these people and the asker, opened if need be. */
  'conversation.open': command(
    'member',
    'post',
    v.strictObject({ memberIds: v.pipe(v.array(Id), v.minLength(1), v.maxLength(LIMITS.directMembers)) }),
    Conversation,
  ),
  /** How far this member has received and read. Never goes back. */
  'conversation.mark': command(
    'guest',
    'general',
    v.strictObject({ conversationId: Id, delivered: Seq, read: Seq }),
    done,
  ),
  /** Up to `limit` events before or after a number, in order. Give exactly one of the two. */
  'history.page': command(
    'guest',
    'history',
    v.strictObject({
      conversationId: Id,
      before: v.optional(Seq),
      after: v.optional(Seq),
      limit: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(LIMITS.pageEvents)),
    }),
    v.object({ events: v.array(LogEvent), head: Seq }),
  ),
  'typing.tell': command('guest', 'typing', v.strictObject({ conversationId: Id }), done),
  'presence.set': command(
    'guest',
    'general',
    v.strictObject({ presence: v.picklist(['here', 'away']) }),
    done,
  ),

  'account.rename': command(
    'member',
    'proof',
    v.strictObject({ username: TypedName }),
    v.object({ username: v.string() }),
  ),
  /** After a `reauth` proof. Ends the member's other sessions. */
  'password.change': command('member', 'proof', v.strictObject({ password: Credential }), done),
  /** After a `reauth` proof. The former code is dead. */
  'recovery.renew': command('member', 'proof', v.strictObject({ recovery: CodeCredential }), done),
  'session.list': command('member', 'general', nothing, v.object({ sessions: v.array(SessionInfo) })),
  'session.end': command('member', 'general', v.strictObject({ sessionId: Id }), done),
  /** Ends this session; the connection stays and may sign in anew. */
  'account.signOut': command('guest', 'general', nothing, done),

  /** A one-time code for somebody who forgot the password. Made by the owner's client: the host never sees it. */
  'resetCode.create': command(
    'owner',
    'proof',
    v.strictObject({ memberId: Id, code: CodeCredential }),
    v.object({ expiresAt: Timestamp }),
  ),
  'resetCode.revoke': command('owner', 'proof', v.strictObject({ memberId: Id }), done),
  /** What is left out stays as it is. */
  'room.change': command(
    'owner',
    'general',
    v.strictObject({
      access: v.optional(Access),
      door: v.optional(BrowserDoor),
      /** Guests may come in and stay for so long from now, in milliseconds; null ends every guest's stay at once. */
      guestsForMs: v.optional(
        v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(60_000), v.maxValue(7 * 24 * 3_600_000))),
      ),
    }),
    RoomSettings,
  ),
  /** The host's own addresses by card, for the invite sheet. */
  'room.addresses': command(
    'owner',
    'general',
    nothing,
    v.object({
      port: v.number(),
      addresses: v.array(CardAddress),
      /** SHA-256 of the certificate, as a browser shows it: what only the browser can really compare. */
      certificate: bytes(32),
    }),
  ),
  'invite.create': command(
    'owner',
    'proof',
    v.strictObject({
      role: InviteRole,
      expiresInMs: v.nullable(
        // Ten years: a code has 32 bits for the second that it expires in.
        v.pipe(v.number(), v.safeInteger(), v.minValue(1_000), v.maxValue(10 * 365 * 24 * 3_600_000)),
      ),
      uses: v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(LIMITS.inviteUses))),
    }),
    Invite,
  ),
  /** The latest first. */
  'invite.list': command('owner', 'general', nothing, v.object({ invites: v.array(Invite) })),
  'invite.revoke': command('owner', 'general', v.strictObject({ id: Id }), done),
  /** The latest first. */
  'knock.list': command('owner', 'general', nothing, v.object({ knocks: v.array(Knock) })),
  /** Ends every session of a member, or a guest's stay. With `ban` they may not come back. */
  'member.remove': command('owner', 'general', v.strictObject({ memberId: Id, ban: v.boolean() }), done),
  'ban.list': command('owner', 'general', nothing, v.object({ bans: v.array(Ban) })),
  'ban.lift': command('owner', 'general', v.strictObject({ id: Id }), done),
  'audit.list': command(
    'owner',
    'history',
    v.strictObject({
      before: v.optional(v.pipe(v.number(), v.safeInteger())),
      limit: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(LIMITS.pageEvents)),
    }),
    v.object({ entries: v.array(AuditEntry) }),
  ),
};

/** The literal audience of a command. */
export type AudienceOf<C extends CommandName> = (typeof COMMANDS)[C]['who'];
export type CommandName = keyof typeof COMMANDS;
export type InputOf<C extends CommandName> = v.InferOutput<(typeof COMMANDS)[C]['input']>;
export type ResultOf<C extends CommandName> = v.InferOutput<(typeof COMMANDS)[C]['result']>;

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}
