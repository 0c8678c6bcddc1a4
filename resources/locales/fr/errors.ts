import type { errors as en } from '../en/errors.ts';

export const errors: typeof en = {
  username: {
    empty: 'Choisissez un nom d’utilisateur.',
    tooLong: 'Un nom d’utilisateur compte 32 caractères au plus.',
    characters:
      'Lettres, chiffres, points, tirets ou soulignés, avec une lettre ou un chiffre aux deux bouts.',
    mixedScripts: 'Employez les lettres d’un seul alphabet.',
    reserved: 'Ce mot a un autre usage dans Salon. Choisissez-en un différent.',
    spaces: 'Sans espaces. Essayez un point ou un tiret.',
    marks: 'Une lettre porte trop d’accents.',
    direction: 'Écrivez dans un seul sens, avec une lettre ou un chiffre à la fin.',
  },
  personName: {
    empty: 'À remplir.',
    tooLong: 'Un nom compte 64 caractères au plus.',
    characters: 'Employez des lettres, espaces, apostrophes, points ou tirets.',
    mixedScripts: 'Employez les lettres d’un seul alphabet.',
    reserved: 'Ce mot a un autre usage dans Salon. Choisissez-en un différent.',
    spaces: 'Retirez les espaces.',
    marks: 'Une lettre porte trop d’accents.',
    direction: 'Écrivez dans un seul sens.',
  },
  password: {
    tooShort: 'Trop court. 8 caractères ou plus : quelques mots à la suite conviennent bien.',
    tooLong: 'C’est trop long. Une phrase suffit.',
    controls: 'Il contient un caractère impossible à saisir de nouveau. Retirez-le.',
    common: 'C’est l’un des premiers que l’on essaierait. Choisissez-en un autre.',
    personal: 'Évitez vos noms et celui du salon.',
  },
  passwordEmpty: 'Saisissez votre mot de passe.',
  usernameEmpty: 'Saisissez votre nom d’utilisateur.',
  codeEmpty: 'Saisissez ou collez votre code.',
  recoveryCodeShape: 'Un code de récupération compte 25 lettres et chiffres.',
  resetCodeShape: 'Un code de l’hôte compte 12 lettres et chiffres.',
};
