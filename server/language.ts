import type { Language } from './protocol/entities.ts';

/**
 * As the other programs of a terminal do: LC_ALL before LC_MESSAGES before LANG. Where none of them is set, as on Windows, the
 * language of the system.
 */
export function readersLanguage(env: NodeJS.ProcessEnv, system = systemsLanguage()): Language {
  const named = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find(
    (each) => each !== undefined && each !== '',
  );
  return (named ?? system).toLowerCase().startsWith('fr') ? 'fr' : 'en';
}

function systemsLanguage(): string {
  return Intl.DateTimeFormat().resolvedOptions().locale;
}
