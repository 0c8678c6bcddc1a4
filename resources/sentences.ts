import { CONTROL_REFUSALS } from '../server/protocol/control.ts';
import { isRefusalCode, refusalSentence } from '../server/protocol/errors.ts';
import { language, t } from './locales/locale.ts';
import type { Problem } from './state/problem.ts';

/** Any problem as one sentence in the reader's language: what happened, what is safe, what to do. */
export function sentenceOf({ code, why }: Problem, address = ''): string {
  const { app, errors } = t();
  if (code === 'NO_ANSWER') return address === '' ? app.noAnswer : t().welcome.nobodyAnswers(address);
  if (code === 'NOT_THE_HOST') return app.notTheHost;
  if (code === 'UNEXPECTED') return app.unexpected;
  if (code === 'NAME_INVALID' && why !== undefined) {
    const rules: Record<string, string> = errors.username;
    return rules[why] ?? refusalSentence('NAME_INVALID', language());
  }
  if (isRefusalCode(code)) return refusalSentence(code, language());
  return CONTROL_REFUSALS[code][language()];
}
