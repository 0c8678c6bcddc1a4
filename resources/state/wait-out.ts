import { SalonError } from '../../server/protocol/errors.ts';

/** When a busy host is asked again that did not say when. In milliseconds. */
const RETRY_MS = 1_000;

/** Whether what else there is to ask for may well go: others must not wait for it. */
export function concernsOne(error: unknown): boolean {
  return error instanceof SalonError && (error.code === 'STORAGE' || error.code === 'INTERNAL');
}

/** Until a host that is busy may be asked again. @throws what is no such refusal. */
export async function waitOut(error: unknown): Promise<void> {
  if (!(error instanceof SalonError) || !error.retry) throw error;
  await new Promise((resolve) => setTimeout(resolve, error.detail.retryMs ?? RETRY_MS));
}
