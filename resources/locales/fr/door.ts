import type { door as en } from '../en/door.ts';
import { formatsIn } from '../formats.ts';

export const door: typeof en = {
  signUp: 'S’inscrire',
  signIn: 'Se connecter',
  forgot: 'Mot de passe oublié ?',
  modes: 'Façons d’entrer',
  createPlace: (room) => `Créez votre place dans ${room}`,
  welcome: (room) => `Bienvenue dans ${room}`,
  backToSignIn: 'Retour à la connexion',
  lastName: 'Nom',
  firstName: 'Prénom',
  username: 'Nom d’utilisateur',
  password: 'Mot de passe',
  newPassword: 'Nouveau mot de passe',
  usernameHint: 'Celui que les autres emploient : @grace. Il pourra changer.',
  usernameChecking: 'Vérification…',
  usernameFree: 'Ce nom est libre.',
  passwordHint: '8 caractères ou plus. Quelques mots à la suite conviennent bien.',
  strength: ['Trop facile', 'Correct', 'Bon', 'Très bon'],
  strengthLabel: 'Solidité du mot de passe',
  locking: 'Protection du mot de passe…',
  asking: 'Demande à l’hôte…',
  tooMany: (seconds) =>
    `Trop d’essais. Attendez ${formatsIn('fr').plural(seconds, { one: '# seconde', other: '# secondes' })}.`,
  people: 'Personnes de cet ordinateur',
  ownerTitle: 'Ce salon est à vous',
  ownerText: 'Le compte que vous créez en sera propriétaire : il pourra aider qui oublie son mot de passe.',
  ownerWaits: 'Ce salon attend l’inscription de son propriétaire. Il s’ouvrira à tout le monde juste après.',
  ownerWaitsHelp: 'S’il est à vous, utilisez le lien affiché là où il a été ouvert.',
  connecting: (address) => `On frappe à ${address}…`,
  connectingTitle: 'Un instant',
  noAnswerTitle: 'Pas de réponse',
  lost: 'Liaison perdue. Nouvel essai en cours. Ce que vous avez saisi reste ici.',
  passwordStays:
    'Votre mot de passe ne quitte pas cet ordinateur : l’hôte ne garde que la serrure qu’il ouvre.',
  unencrypted:
    'Liaison non chiffrée : qui écoute ce réseau peut lire les messages. Prenez un mot de passe qui ne sert qu’ici.',

  recoverTitle: 'Mot de passe oublié ?',
  recoverText: 'Un nom d’utilisateur seul ne change rien. Il vous faut l’un de ces deux codes.',
  withRecovery: 'Mon code de récupération',
  withRecoveryText: 'Les 25 caractères gardés lors de votre inscription.',
  withReset: 'Un code de l’hôte',
  withResetText:
    'Demandez un code à l’hôte. Il est dans le menu de votre nom. Il sert une seule fois, pour peu de temps.',
  whichCode: 'Quel code avez-vous ?',
  recoveryCode: 'Code de récupération',
  resetCode: 'Code de l’hôte',
  codeHint: 'Majuscules, espaces et tirets n’ont pas d’importance.',
  recover: 'Choisir un nouveau mot de passe',

  kitTitle: 'Gardez ce code',
  kitText: 'Sans lui, seul l’hôte pourra vous rouvrir. Il ne sera plus affiché.',
  kitCode: 'Votre code de récupération',
  kitFor: (username, room) => `Pour ${username} dans ${room}`,
  kitSave: 'Enregistrer en texte',
  kitPrint: 'Imprimer',
  kitSelected: 'Le code est sélectionné : copiez-le au clavier.',
  kitSaved: 'Enregistré dans vos téléchargements.',
  kitKept: 'Je l’ai gardé',
  kitFile: (room) => `Salon code de récupération - ${room}.txt`,
  kitFileText: (username, room, code) =>
    `Salon : code de récupération\n\nSalon : ${room}\nNom d’utilisateur : ${username}\n\n${code}\n\n` +
    'Qui possède ce code peut choisir un nouveau mot de passe pour ce nom.\n' +
    'Il sert une seule fois. Gardez-le là où vous gardez vos clés.\n',
};
