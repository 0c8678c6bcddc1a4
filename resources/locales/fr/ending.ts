import type { ending as en } from '../en/ending.ts';

export const ending: typeof en = {
  removed: (host) => `${host === '' ? 'L’hôte' : host} vous a demandé de partir`,
  removedText: 'Vous pourrez revenir avec une nouvelle invitation.',
  banned: 'Ce salon ne vous laisse plus entrer',
  bannedText: (host) =>
    `Ainsi en a décidé son propriétaire. Si vous pensez à une erreur, parlez-en de vive voix${host === '' ? '' : ` à ${host}`}.`,
  guestEnded: 'Votre visite est terminée',
  guestEndedText: 'L’invitation a expiré. Demandez-en une nouvelle à l’hôte.',
  version: 'Les versions diffèrent',
  versionText:
    'Ce salon et votre Salon ne parlent pas la même version. Prenez le même Salon que l’hôte, puis revenez.',
  versionPage: 'Cette page vient d’une autre version de Salon que le salon. Rechargez-la.',
  versionMine: (version) => `Vous avez Salon ${version}.`,
  stillThere: 'Vous pouvez encore lire ce qui est ici.',
  keepReading: 'Continuer à lire',
  leave: 'Quitter le salon',
  reload: 'Réessayer',
};
