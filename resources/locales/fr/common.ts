import type { common as en } from '../en/common.ts';

export const common: typeof en = {
  close: 'Fermer',
  cancel: 'Annuler',
  copy: 'Copier',
  copied: 'Copié',
  tryNow: 'Réessayer',
  exit: 'Quitter',
  leave: 'Quitter le salon',
  showPassword: 'Afficher le mot de passe',
  hidePassword: 'Masquer le mot de passe',
  notices: 'Avis',
  dismissNotice: 'Fermer l’avis',
  here: 'Là',
  away: 'Absent',
  offline: 'Parti',
  discardTitle: 'Partir sans terminer ?',
  discardText: 'Ce que vous avez saisi ici ne sera pas gardé.',
  discard: 'Abandonner',
  keepEditing: 'Continuer',
};
