import type { files as en } from '../en/files.ts';

export const files: typeof en = {
  attach: 'Joindre un fichier',
  dropHere: (title: string) => `Déposez pour envoyer à ${title}`,
  dropForAll: 'Déposez pour envoyer à tout le monde',
  staged: 'Fichiers à envoyer',
  remove: (name: string) => `Retirer ${name}`,
  file: (name: string) => `Fichier : ${name}`,
  picture: (name: string) => `Image : ${name}`,
  pastedName: 'Image collée',
  save: (name: string) => `Enregistrer ${name}`,
  savePicture: 'Enregistrer l’image',
  open: (name: string) => `Regarder ${name}`,
  show: (size: string) => `Afficher l’image, ${size}`,
  loading: 'Chargement de l’image…',
  notLoaded: 'L’image n’a pas pu être chargée.',
  again: 'Réessayer',
  cancel: (name: string) => `Annuler ${name}`,
  uploading: (name: string) => `Envoi de ${name}`,
  downloading: (name: string) => `Réception de ${name}`,
  progress: (percent: number, size: string) => `${percent} % de ${size}`,
  saved: (name: string) => `Enregistré dans vos téléchargements : ${name}`,
  tooBig: (name: string) => `${name} dépasse 100 Mo. Coupez-le, ou transmettez-le autrement.`,
  tooMany: {
    one: '# fichier à la fois, s’il vous plaît.',
    other: '# fichiers à la fois, s’il vous plaît. Envoyez d’abord ceux-ci.',
  },
  folder: 'Un dossier ne s’envoie pas. Déposez ses fichiers, ou réunissez-les en un seul.',
  unsentTitle: 'Partir sans envoyer les fichiers ?',
  unsentText:
    'Des fichiers choisis ne sont pas encore chez l’hôte. Si vous partez maintenant, ils ne partiront pas.',
};
