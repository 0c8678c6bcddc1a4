import type { Language } from './protocol/entities.ts';

/** As the other programs of a terminal do: LC_ALL before LC_MESSAGES before LANG. */
export function readersLanguage(env: NodeJS.ProcessEnv): Language {
  const named = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find(
    (each) => each !== undefined && each !== '',
  );
  return named?.toLowerCase().startsWith('fr') === true ? 'fr' : 'en';
}
