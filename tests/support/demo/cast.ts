import { readPersonName, readUsername } from '../../../server/names.ts';
import type { Username } from '../../../server/store/records.ts';
import type { Chance } from './random.ts';

/** Made-up people. Nobody of this name is meant. */

/** In which of the scripts that are not Latin somebody writes now and then. */
export type Tongue = 'ar' | 'ja';

export interface Role {
  firstName: string;
  lastName: string;
  name: Username;
  tongue: Tongue | null;
}

/** First name, last name, username. The first one owns the room; what is hard to draw or to align comes early. */
const PRINCIPALS: readonly (readonly [string, string, string, Tongue?])[] = [
  ['Amélie', 'Laurent', 'amelie'],
  ['Bruno', 'Okafor', 'bruno'],
  ['سلمى', 'الحداد', 'salma', 'ar'],
  ['Chloé', 'Lefèvre-Vasseur', 'chloe.lv'],
  ['健太', '山本', 'kenta', 'ja'],
  ['Maximiliane-Theodora', 'von Hohenstein-Sigmaringen zu Wittgenfels', 'maxi'],
  ['Zoë', 'O’Brien', 'zoe'],
  ['Jean-Sébastien', 'Guérin', 'jean-seb'],
  ['さくら', '小林', 'さくら', 'ja'],
  ['Łukasz', 'Żółkiewski', 'lukasz'],
  ['Nadia', 'Benali', 'nadia_b'],
  ['Ngũgĩ', 'Wanjirũ', 'ngugi'],
  ['يوسف', 'منصور', 'يوسف', 'ar'],
  ['Bartholomew', 'Featherstonehaugh', 'bartholomew.featherstonehaugh.jr'],
  ['Søren', 'Ågård', 'soren'],
  ['Thị Ánh', 'Nguyễn', 'anh'],
  ['Ελένη', 'Παπαδοπούλου', 'eleni'],
  ['Олександр', 'Коваленко', 'oleks'],
  ['Priya', 'Ramanathan', 'priya'],
  ['Tomás', 'Ibáñez', 'tomas'],
  ['ณัฐพล', 'ศรีสุข', 'nat'],
  ['Ioana', 'Ștefănescu', 'ioana'],
  ['Kwabena', 'Ofori-Atta', 'kwabena'],
  ['Bo', 'Li', 'bo'],
];

/** Who takes another username after a while. */
export const RENAMED: Readonly<Record<string, string>> = { zoe: 'zoe.obrien' };

const FIRST_NAMES = words(`
  Adèle Aïssa Alba Anouk Arthur Aurore Basile Björn Camille Céleste Clémence Dario Diego Éléonore Elif Émile Esther
  Fanny Félix Gaëlle Greta Hélène Hugo Ines Ingrid Jonas Jules Kemal Léa Léo Lina Loïc Lucía Maëlys Malik Manon Marius
  Márta Mateo Mila Noé Océane Odile Oscar Paloma Paul Quentin Rémi Rosa Samir Sofía Théo Ugo Valérie Victor Yara`);

const LAST_NAMES = words(`
  Abadie Almeida Andersson Baptiste Bellini Bernard Blanchard Bouvier Carvalho Castel Charpentier Colin Da Dubois
  Dumont Eriksen Fabre Faure Ferrari Fontaine Garnier Gauthier Hernández Horváth Jansen Joly Keita Kowalski Lambert
  Leclerc Lemaire Marchand Mercier Meyer Moreau Müller Nilsson Novák Olivier Pereira Petit Picard Renaud Rivière
  Rousseau Schneider Silva Traoré Vidal Weber Yılmaz Zimmermann`);

/** As many people as asked for, with usernames that the room admits beside each other. */
export function castOf(count: number, chance: Chance): Role[] {
  const cast: Role[] = [];
  const taken = new Set<string>();
  const admit = (firstName: string, lastName: string, username: string, tongue: Tongue | null) => {
    const name = readUsername(username);
    if (taken.has(name.key) || taken.has(name.skeleton)) return;
    taken.add(name.key).add(name.skeleton);
    cast.push({
      firstName: readPersonName(firstName, 'firstName'),
      lastName: readPersonName(lastName, 'lastName'),
      name,
      tongue,
    });
  };
  for (const [firstName, lastName, username, tongue] of PRINCIPALS.slice(0, count)) {
    admit(firstName, lastName, username, tongue ?? null);
  }
  while (cast.length < count) {
    const [firstName, lastName] = [chance.one(FIRST_NAMES), chance.one(LAST_NAMES)];
    const number = cast.length < 500 ? '' : String(cast.length);
    admit(firstName, lastName, `${ascii(firstName)}.${ascii(lastName)}${number}`, null);
  }
  return cast;
}

function ascii(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase();
}

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
