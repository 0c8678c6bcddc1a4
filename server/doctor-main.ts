import { parseArgs } from 'node:util';
import { findDataDirectory, type DataDirectory } from './data-directory.ts';
import { examine } from './doctor.ts';
import { readersLanguage } from './language.ts';
import { Nearby } from './nearby.ts';
import type { Language } from './protocol/entities.ts';
import { findJoin } from './protocol/invite.ts';
import { reportText } from './protocol/report-text.ts';
import { VERSION } from './version.ts';

/** The diagnostics in a terminal, for a computer without a window or a person on the telephone. */

const HELP: Record<Language, string> = {
  en: `Salon ${VERSION}: says what stands between this computer and a room.

  npm run doctor -- [ADDRESS | CODE] [options]

  ADDRESS    Where the room should be, for example 192.168.1.24 or pc-7.local:4871.
  CODE       A join code: the link, or its short form to read aloud, with or without an address before it.
             Without either, only this computer is examined.
  --data DIR The folder where Salon keeps its data, if not the usual one.
  --json     One line of JSON instead of sentences. It holds this computer's addresses and the folder; the
             sentences do not.
  --help     This text.

  The sentences hold nothing private: they can be handed to whoever helps.
  Exit status: 0 all is well, 1 something stands in between, 2 this was not understood.
`,
  fr: `Salon ${VERSION} : dit ce qui sépare cet ordinateur d’un salon.

  npm run doctor -- [ADRESSE | CODE] [options]

  ADRESSE    Où le salon devrait être, par exemple 192.168.1.24 ou pc-7.local:4871.
  CODE       Un code d’invitation : le lien, ou sa forme courte à dicter, avec ou sans adresse devant.
             Sans l’un ni l’autre, seul cet ordinateur est examiné.
  --data DIR Le dossier où Salon garde ses données, si ce n’est pas le dossier habituel.
  --json     Une ligne de JSON au lieu de phrases. Elle contient les adresses de cet ordinateur et
             le dossier ; les phrases, non.
  --help     Ce texte.

  Les phrases ne contiennent rien de privé : elles peuvent être remises à qui vous aide.
  Code de sortie : 0 tout va bien, 1 quelque chose fait obstacle, 2 ceci n’a pas été compris.
`,
};

const NOT_UNDERSTOOD: Record<Language, string> = {
  en: 'That is neither an address nor a join code. Try 192.168.1.24 or the whole link. See --help.',
  fr: 'Ce n’est ni une adresse ni un code. Essayez 192.168.1.24 ou le lien entier. Voir --help.',
};

const EXIT = { fine: 0, diagnosed: 1, notUnderstood: 2 } as const;

async function main(): Promise<void> {
  const language = readersLanguage(process.env);
  const { typed, data, json } = readFlags(language);
  const found = typed === '' ? null : findJoin(typed);
  if (found === null && typed !== '') return leave(EXIT.notUnderstood, NOT_UNDERSTOOD[language]);
  const report = await examine({ found, data, nearby: new Nearby(), hosting: null });
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : reportText(report, language));
  const { diagnosis } = report;
  leave(diagnosis === null || diagnosis.code === 'fine' ? EXIT.fine : EXIT.diagnosed);
}

function readFlags(language: Language): { typed: string; data: DataDirectory; json: boolean } {
  try {
    const { values, positionals } = parseArgs({
      options: {
        data: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
      allowPositionals: true,
    });
    if (values.help) {
      process.stdout.write(HELP[language]);
      return leave(EXIT.fine);
    }
    return {
      // A short form is written in groups, and may have an address before it.
      typed: positionals.join(' ').trim(),
      data: findDataDirectory(values.data ?? process.env['SALON_DATA']),
      json: values.json,
    };
  } catch (error) {
    const [what = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
    return leave(
      EXIT.notUnderstood,
      `${what.replace(/\.$/, '')}. ${language === 'fr' ? 'Voir' : 'See'} --help.`,
    );
  }
}

function leave(status: number, sentence?: string): never {
  if (sentence !== undefined) process.stderr.write(`${sentence}\n`);
  process.exit(status);
}

void main();
