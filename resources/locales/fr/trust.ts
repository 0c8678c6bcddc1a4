import type { trust as en } from '../en/trust.ts';

export const trust: typeof en = {
  meetTitle: (room) => (room === '' ? 'Première rencontre' : `Première rencontre avec ${room}`),
  meetText: 'Vérifiez que ce papier peint est le même sur l’écran de l’hôte.',
  meetLater: 'Salon retient ce salon par sa clé : la question n’est posée qu’une fois.',
  cannotCompare: 'Impossible de comparer les images ?',
  wordsText: 'Lisez ces six mots à l’hôte, dont l’écran les montre aussi.',
  words: 'Six mots de la clé',
  same: 'C’est le même',
  leave: 'Partir',

  otherTitle: 'Ce n’est pas le salon que vous connaissiez',
  otherText: (host) =>
    `${host === '' ? 'L’hôte' : host} l’a peut-être recréé, ou un autre ordinateur répond à cette adresse.`,
  nothingSent: 'Rien de vous n’a été envoyé.',
  known: 'Le salon connu',
  found: 'Ce qui répond maintenant',
  askHost: () => 'Accepter après vérification',
  sureTitle: (host) => `${host === '' ? 'L’hôte' : host} vous l’a confirmé ?`,
  sureText:
    'N’acceptez que si l’on vous a dit, de vive voix, que le salon a été recréé, et si l’hôte vous lit ces six mots.',
  accept: 'L’hôte a confirmé : accepter',
  notYet: 'Pas encore',
};
