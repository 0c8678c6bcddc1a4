import type { Script } from './scenes.ts';

/** A small theatre, the week before an opening night. Spaces before `? ! : ;` become narrow no-break ones (`scenes.ts`). */
export const french: Script = {
  roomName: 'Le Petit Théâtre',
  words: {
    time: ['9 h 15', '10 h 30', '12 h 45', '14 h', '16 h 20', '18 h 30', '19 h 45', '20 h 10'],
    day: ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi'],
    place: ['au foyer', 'à l’atelier', 'à la réserve', 'en coulisses', 'à la galerie', 'au vestiaire'],
    prop: [
      'la lampe de cuivre',
      'le fauteuil rouge',
      'la chouette empaillée',
      'le second parapluie',
      'le plateau à thé',
    ],
    dish: [
      'une soupe de lentilles',
      'du couscous',
      'une très grande quiche',
      'un risotto',
      'le curry d’hier',
    ],
    scene: [
      'l’acte un',
      'l’acte deux',
      'la scène de l’orage',
      'la scène du jardin',
      'la dernière danse',
      'la lettre',
    ],
    file: [
      'programme-v7.pdf',
      'plan-lumieres.svg',
      'conduite.csv',
      'affiche-finale-FINALE.png',
      'budget.ods',
    ],
    n: ['3', '4', '6', '7', '11', '12', '14', '25', '38', '160'],
  },
  lobby: `
A: Bonjour tout le monde ☀️
B: Bonjour !
C: Le chauffage est-il allumé ?
A: Depuis sept heures. Prenez quand même un pull.

A: Quelqu’un a vu {prop} ?
B: {place}, {day} dernier
C: Je l’ai changé de place, pardon. Derrière le piano.
A: Trouvé, merci {C} 🙏

A: {scene} dure {n} minutes de trop. Où coupe-t-on ?
B: Le second monologue, si {C} le supporte
C: Moi, oui. Ma mère, non.
A: 😂
B: Alors on garde les quatre derniers vers. Ce sont les bons.

A: À table ? Il y a {dish}
B: Cinq minutes !
C: Gardez-m’en, je suis encore sur l’échelle
D: Il reste {n} assiettes, les premiers servis

A: Réglage des lumières à {time}. Laissez la scène libre d’ici là, s’il vous plaît.
B: Ça prendra combien de temps ?
A: Vingt minutes, si le gradateur est sage
C: Le gradateur n’est jamais sage
A: Quarante minutes, donc.

A: Vendu pour {day} : {n} places
B: Et la semaine d’après ?
A: Le double. L’école vient avec deux classes.
C: Il faudra d’autres chaises {place}
B: Je demande à côté, ils nous en doivent {n}

A: Le projecteur affiche encore « aucun signal »
B: L’autre câble ?
A: Essayé.
B: L’autre bout de l’autre câble ?
A: … ça marche. Personne n’a rien vu.

A: Qui ferme ce soir ?
B: Moi, je suis là jusqu’à {time}
A: La clé où tu sais, l’alarme comme toujours
B: 👍

A: La nouvelle version de {file} est sur le disque commun
B: Celle avec la bonne date ?
A: Maintenant, oui

A: Une question sur {scene} : j’entre à gauche ou à droite ?
B: À gauche. Ta gauche.
C: Donc côté cour.
A: Vous avez aggravé mon cas.
B: Du côté de la chouette.

A: Notes de la répétition de {day} :⏎– {scene} : plus fort, plus lent, plus tard⏎– {prop} ne doit plus grincer⏎– personne derrière le rideau quand il bouge⏎– saluts sur deux rangs
B: Merci, imprimé et affiché {place}
C: Ça grince parce que seul l’espoir le tient

A: Pour la régie son, voici ce qui tourne :⏎fondu(salle, 0, secondes=8)⏎attendre("{scene}")⏎jouer("pluie.flac", boucle=True)
B: Et en cas de coupure ?
A: Ça reprend où ça s’est arrêté. Essayé deux fois, dont une exprès.

A: Il pleut {place}
B: Beaucoup ?
A: Un seau
C: Deux. J’en viens.
A: J’appelle le couvreur. Encore.

A: Qui veut relire le programme avant l’impression ? Surtout les noms.
B: Le mien n’a qu’un n 🙂
A: Corrigé
C: Le premier rôle, c’est {D}, pas moi
D: Ça m’est égal
A: Corrigé aussi. Départ chez l’imprimeur à {time}.

A: Ouverture des portes à {time}, rideau une demi-heure après
B: La presse ?
A: {n} places, troisième rang, noms sur les chaises

A: Joyeux anniversaire {B} 🎂
C: Joyeux anniversaire !!
D: 🎉🎉🎉
B: Merci à tous ! Il y a du gâteau {place} tant qu’il y en a.

A: Train en retard, j’arrive à {time}
B: On commence par {scene}, tu ne nous manqueras pas. Au bon sens du terme.
A: 😄

A: https://example.org/partitions/valse marche chez vous ?
B: Pas ici, le réseau n’a pas de sortie aujourd’hui
C: Je l’ai sur papier
A: Le papier gagne.

A: La lettre de la mairie est là : on garde la salle jusqu’en juin
B: 🎊
C: Par écrit ?
A: Par écrit, avec un tampon.
D: Je vais l’encadrer

A: Qui a pris la grande échelle ? Merci de la rapporter
B: Elle soutient la lune
A: Alors laissez-la.

A: J’ai {n} photos d’hier soir
B: Une où j’ai les yeux ouverts ?
A: Une. Tu es derrière {prop}, mais les yeux sont ouverts.

A: Essayage déplacé à {day}, {time}
B: Toujours {place} ?
A: Oui. Avec les chaussures que vous porterez vraiment.
C: Et si elles n’existent pas encore ?
A: Alors venez avec les pieds.
`,
  group: `
A: Discrètement : qu’offre-t-on à {B} {day} ?
C: Une lampe qui marche
D: {prop}, mais en bon état
A: Les deux. {n} chacun ?
C: 👍

A: On ouvre la maison à trois {day} ?
C: J’en suis
D: Moi aussi, dès {time}

A: Réglons le plan de salle ici plutôt que devant tout le monde
C: D’accord. La presse au troisième rang, les familles derrière.
D: Et le maire dans le courant d’air.
`,
  aside: `
A: Tu as une minute pour {scene} ?
B: Après le repas ?
A: Parfait

A: C’était très beau ce soir. Je ne voulais pas le dire devant tout le monde.
B: C’est gentil. Je mourais de peur.
A: Ça ne s’est pas vu

A: Tu échanges {day} avec moi ?
B: Si tu prends la porte la semaine prochaine
A: Marché conclu

A: Ai-je laissé mes lunettes {place} ?
B: Sur le piano. Je les ai mises dans le tiroir.
A: Merci mille fois 💛

A: Voici {file}, dis-moi si les chiffres sont faux
B: Page {n}, deuxième ligne
A: Aïe. Merci.
`,
  solo: [
    'Le café est prêt {place} ☕',
    'Rappel : {scene} à {time}, en costume.',
    '{prop} est de retour de réparation.',
    'Je file, à {day}.',
    'Portes fermées, lumières éteintes. Bonne nuit 🌙',
    '🎭',
    'Trouvé {place} : un gant, main gauche.',
    'Le bus {n} ne roule pas {day}, prévoyez.',
    'La caisse ouvre à {time}.',
    'Merci à tous pour ce soir. Deux fois quelqu’un a perdu le texte, et deux fois personne ne l’a remarqué, parce que quelqu’un d’autre était là avec le mot juste au bon moment. C’est tout l’art, et vous l’avez. Dormez bien ; demain on recommence, un peu plus lentement dans {scene}, un peu plus fort partout.',
  ],
  replies: [
    'Bien vu.',
    '👍',
    'Je regarde.',
    'Tout à l’heure ?',
    'Oui, avec plaisir.',
    'Demande à {A}.',
    'Ha !',
    'C’est noté.',
  ],
  tongues: {
    ar: [
      'صباح الخير جميعاً ☀️',
      'أنا في الطريق، خمس دقائق',
      'شكراً جزيلاً! 🌷',
      'البروفة الساعة 18:30 كما اتفقنا',
      'مساء النور',
    ],
    ja: [
      'おはようございます！',
      'お疲れさまでした 🍵',
      '了解です。18:30に行きます',
      '傘を持ってきてくださいね ☔',
      'すみません、少し遅れます',
    ],
  },
};
