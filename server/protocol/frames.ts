import * as v from 'valibot';
import { isRefusalCode, SalonError } from './errors.ts';
import { LogEvent, Signal } from './events.ts';

/** The envelopes on the wire: one JSON object in one WebSocket text message, told apart by `t`. */

const RequestId = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/**
 * Any object, as it is: the command's own schema checks it afterwards. A record would do but for `__proto__` and
 * `constructor`, which it leaves out without a word; a field that is not foreseen is to be refused.
 */
export const Fields = v.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

/** Client to host. */
export const Ask = v.strictObject({
  t: v.literal('ask'),
  id: RequestId,
  command: v.pipe(v.string(), v.maxLength(40)),
  input: Fields,
});
export type Ask = v.InferOutput<typeof Ask>;

export const GoodbyeReason = v.picklist([
  'closing',
  'reopening',
  'sessionEnded',
  'removed',
  'banned',
  'guestEnded',
]);
export type GoodbyeReason = v.InferOutput<typeof GoodbyeReason>;

/** Host to client. */
export const HostFrame = v.variant('t', [
  v.object({ t: v.literal('answer'), id: RequestId, result: v.unknown() }),
  v.object({
    t: v.literal('refused'),
    /** Which ask; null when it could not be read. */
    id: v.nullable(RequestId),
    code: v.string(),
    retry: v.boolean(),
    retryMs: v.optional(v.number()),
    path: v.optional(v.string()),
    why: v.optional(v.string()),
    text: v.string(),
  }),
  v.object({ t: v.literal('event'), event: LogEvent }),
  v.object({ t: v.literal('signal'), signal: Signal }),
  /** The connection ends now, on purpose. */
  v.object({ t: v.literal('goodbye'), reason: GoodbyeReason }),
]);
export type HostFrame = v.InferOutput<typeof HostFrame>;
export type RefusedFrame = Extract<HostFrame, { t: 'refused' }>;

/**
 * Why a host ended a connection. 1001 is a room that closes, 1012 one that reads its files anew, 1009 a message over the limit.
 * 4000–4099 are Salon's own.
 */
export const CLOSE = {
  tooSlowToSpeak: 4001,
  /** Asked to leave, banned, or a guest whose stay is over: the `goodbye` before it says which. */
  removed: 4003,
  sessionEnded: 4004,
  abuse: 4008,
  version: 4010,
  notReading: 4013,
  goingAway: 1001,
  /** Come back at once. */
  reopening: 1012,
  binary: 1003,
  notUnderstood: 1007,
} as const;

/** @throws SalonError `BAD_JSON` or `BAD_SHAPE` with the path of what is wrong. */
export function decodeAsk(text: string): Ask {
  return check(Ask, parseJson(text));
}

/** @throws SalonError likewise: a host is not trusted either. */
export function decodeHostFrame(text: string): HostFrame {
  return check(HostFrame, parseJson(text));
}

const MOST_PATH_LETTERS = 100;

/** Checks `value` once, where it enters; past this nobody checks again. */
export function check<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
  const outcome = v.safeParse(schema, value, { abortEarly: true });
  if (outcome.success) return outcome.output;
  const path = v.getDotPath(outcome.issues[0]) ?? '';
  // A field that nobody foresaw may have a name of any length.
  throw new SalonError('BAD_SHAPE', { path: path.slice(0, MOST_PATH_LETTERS) });
}

/** The refusal that a `refused` frame carries. An unknown code from a newer host keeps its meaning by `retry` only. */
export function refusalOf(frame: RefusedFrame): SalonError {
  const code = isRefusalCode(frame.code) ? frame.code : frame.retry ? 'BUSY' : 'UNKNOWN_COMMAND';
  return new SalonError(code, {
    ...(frame.retryMs === undefined ? {} : { retryMs: frame.retryMs }),
    ...(frame.path === undefined ? {} : { path: frame.path }),
    ...(frame.why === undefined ? {} : { why: frame.why }),
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SalonError('BAD_JSON');
  }
}
