import { ConnectionLost } from '../../server/client/connection.ts';
import { HostNotProven } from '../../server/client/signing-in.ts';
import { SalonError, type RefusalCode } from '../../server/protocol/errors.ts';
import type { ControlRefusalCode } from '../../server/protocol/control.ts';
import type { Diagnosis } from '../../server/protocol/diagnosis.ts';

/** The extension refused; `detail` is a number or a name that the sentence needs. */
export class ControlRefused extends Error {
  override readonly name = 'ControlRefused';
  readonly code: ControlRefusalCode;
  readonly detail: string;
  constructor(code: ControlRefusalCode, detail = '') {
    super(code);
    this.code = code;
    this.detail = detail;
  }
}

/** There is no way into the room, and it is known why. */
export class NoWayIn extends Error {
  override readonly name = 'NoWayIn';
  readonly diagnosis: Diagnosis;
  constructor(diagnosis: Diagnosis) {
    super(diagnosis.code);
    this.diagnosis = diagnosis;
  }
}

/** A diagnosis that was made here, of nothing but what was typed or answered. */
export function diagnosisOf(code: Diagnosis['code'], more: Partial<Diagnosis> = {}): Diagnosis {
  return { code, address: '', detail: '', foundFingerprint: null, trials: [], ...more };
}

/** What went wrong, for whoever puts it into words: a stable code, and what the sentence needs. */
export interface Problem {
  code: RefusalCode | ControlRefusalCode | 'NO_ANSWER' | 'NOT_THE_HOST' | 'UNEXPECTED';
  /** Which rule was broken. */
  why?: string;
  /** Which field. */
  path?: string;
  /** Until when to wait, by this computer's clock. */
  waitUntil?: number;
}

export function problemOf(error: unknown): Problem {
  if (error instanceof SalonError) {
    const { why, path, retryMs } = error.detail;
    return {
      code: error.code,
      ...(why === undefined ? {} : { why }),
      ...(path === undefined ? {} : { path }),
      ...(retryMs === undefined ? {} : { waitUntil: Date.now() + retryMs }),
    };
  }
  if (error instanceof ControlRefused) return { code: error.code, why: error.detail };
  if (error instanceof ConnectionLost || error instanceof NoWayIn) return { code: 'NO_ANSWER' };
  if (error instanceof HostNotProven) return { code: 'NOT_THE_HOST' };
  // A bug: it goes where uncaught errors go, whole.
  queueMicrotask(() => {
    throw error;
  });
  return { code: 'UNEXPECTED' };
}
