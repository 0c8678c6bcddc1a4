import type { app as en } from '../en/app.ts';

export const app: typeof en = {
  noAnswer: 'Le salon ne répond pas pour le moment. Votre saisie reste ici ; réessayez dans un instant.',
  notTheHost:
    'L’hôte n’a pas pu prouver qu’il connaît ce compte. C’est peut-être un autre ordinateur. Partez et demandez à l’hôte en personne.',
  unexpected:
    'Une erreur s’est produite sur cet ordinateur. Réessayez ; si elle persiste, rechargez la page.',
  elsewhereTitle: 'Salon est ouvert dans une autre fenêtre',
  elsewhereText: 'Il ne s’utilise que dans une seule à la fois.',
  useHere: 'Utiliser ici',
  returningTitle: 'Salon redémarre',
  returningText: 'Un instant. Ce que vous avez écrit est gardé.',
  unpluggedTitle: 'Salon s’est arrêté',
  unpluggedText: 'Relancez Salon sur cet ordinateur. Ce que vous avez écrit est gardé.',
  noFiles: 'Rien ne peut être envoyé d’ici : le fichier n’a pas été envoyé.',
  exitTitle: 'Quitter Salon ?',
  closeTitle: 'Fermer le salon ?',
  closeRoom: 'Fermer le salon',
  closeText: (others: number, people: string) =>
    others === 0
      ? 'Personne d’autre n’est là. Tout est gardé, et vous pourrez rouvrir le salon.'
      : `${people} là. Ce qui a été lu reste à chacun, et le retour sera possible à la réouverture.`,
  others: { one: '1 autre personne est', other: '# autres personnes sont' },
  namesAre: (names, people) => (people === 1 ? `${names} est` : `${names} sont`),
  more: { one: '# autre personne', other: '# autres personnes' },
};
