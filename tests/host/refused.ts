import { SalonError } from '../../server/protocol/errors.ts';

/** The whole refusal. @throws when nothing was refused. */
export async function refused(
  work: Promise<unknown>,
): Promise<{ code: string; why?: string; path?: string; retryMs?: number }> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SalonError) return { code: error.code, ...error.detail };
    throw error;
  }
  throw new Error('nothing was refused');
}
