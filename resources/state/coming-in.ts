import type { Connection } from '../../server/client/connection.ts';
import { formatCode, makeCode, readCode, RECOVERY_CODE_LETTERS } from '../../server/client/codes.ts';
import { makeCodeCredential, makeCredential, prove } from '../../server/client/signing-in.ts';
import type { InputOf } from '../../server/protocol/commands.ts';
import { SalonError } from '../../server/protocol/errors.ts';
import type { Surroundings } from './ports.ts';
import type { Token } from './tokens.ts';

/** What somebody does at the door to come in. Each way ends with a token that lets them in, now and after a reload. */

export interface SignUpForm {
  lastName: string;
  firstName: string;
  username: string;
  password: string;
}

export interface LetIn {
  token: Token;
  /** A new one, to be shown once; null where it stays as it was. */
  recoveryCode: string | null;
}

/** What lets a stranger sign up: the owner's code, or an invite where one is needed. */
type Right = Pick<InputOf<'account.signUp'>, 'ownerCode' | 'invite'>;
type Means = Pick<Surroundings, 'stretch' | 'device'>;

/** @throws SalonError with the field in `detail.path`, ConnectionLost. */
export async function signUp(
  connection: Connection,
  { lastName, firstName, username, password }: SignUpForm,
  right: Right,
  { stretch, device }: Means,
): Promise<LetIn> {
  const code = makeCode(RECOVERY_CODE_LETTERS);
  const { token } = await connection.ask('account.signUp', {
    ...{ lastName, firstName, username },
    password: await makeCredential(password, stretch),
    recovery: makeCodeCredential(code),
    device,
    ...right,
  });
  return { token: { text: token, what: 'token' }, recoveryCode: formatCode(code) };
}

/** @throws SalonError `NAME_INVALID`, `NAME_TAKEN`, `GUESTS_OFF`, `INVITE_…`; ConnectionLost. */
export async function enterAsGuest(
  connection: Connection,
  name: string,
  right: Pick<InputOf<'guest.enter'>, 'invite'>,
  { device }: Means,
): Promise<LetIn> {
  const { token } = await connection.ask('guest.enter', { name, device, ...right });
  return { token: { text: token, what: 'guest' }, recoveryCode: null };
}

/** `binding` ties the proof to this connection. @throws SalonError `BAD_LOGIN`, `SLOW_DOWN`; HostNotProven; ConnectionLost. */
export async function signIn(
  connection: Connection,
  username: string,
  password: string,
  binding: Uint8Array | null,
  { stretch, device }: Means,
): Promise<LetIn | null> {
  const claim = { purpose: 'signIn', username, secret: password, device } as const;
  const { signedIn } = await prove(connection, claim, stretch, binding);
  return signedIn === null ? null : { token: { text: signedIn.token, what: 'token' }, recoveryCode: null };
}

/** A code as it was typed, without what does not count. @throws SalonError `BAD_CODE`. */
export function typedCode(typed: string): string {
  const secret = readCode(typed);
  if (secret === null) throw new SalonError('BAD_CODE', { path: 'code' });
  return secret;
}

/** By the recovery code or a one-time code from the owner; which one it is shows by its length. @throws SalonError `BAD_CODE`. */
export async function recover(
  connection: Connection,
  { username, code: secret, password }: { username: string; code: string; password: string },
  binding: Uint8Array | null,
  { stretch, device }: Means,
): Promise<LetIn> {
  const purpose = secret.length === RECOVERY_CODE_LETTERS ? 'recovery' : 'reset';
  const claim = { purpose, username, secret, device } as const;
  await prove(connection, claim, stretch, binding);
  const code = makeCode(RECOVERY_CODE_LETTERS);
  const { token } = await connection.ask('password.reset', {
    password: await makeCredential(password, stretch),
    recovery: makeCodeCredential(code),
    device,
  });
  return { token: { text: token, what: 'token' }, recoveryCode: formatCode(code) };
}
