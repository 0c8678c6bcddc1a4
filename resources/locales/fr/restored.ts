import type { restored as en } from '../en/restored.ts';

export const restored: typeof en = {
  restored: (moment) =>
    `Le fichier du salon était endommagé ; sa copie (${moment}) l’a remplacé. Ce qui a été écrit ensuite n’est plus chez l’hôte.`,
  behind:
    'L’hôte a un état du salon plus ancien que celui de cette page. Ce qui a été écrit depuis n’est plus chez l’hôte.',
  asideOf:
    'Mots de passe, exclusions et codes d’invitation sont ceux d’alors. Le fichier endommagé a été mis de côté dans',
  stillHere: {
    one: 'Cette page en garde encore # message.',
    other: 'Cette page en garde encore # messages.',
  },
  show: 'Voir ce qui manque',
  sendAgain: { one: 'Renvoyer le mien', other: 'Renvoyer mes # messages' },
  goingAgain: { one: 'Votre message repart.', other: 'Vos # messages repartent.' },
  letGo: { one: 'Abandonner le mien', other: 'Abandonner mes # messages' },
  letGoTitle: { one: 'Abandonner votre message ?', other: 'Abandonner vos # messages ?' },
  letGoText: {
    one: 'Il n’est plus que sur cette page. Une fois abandonné, personne ne pourra le retrouver.',
    other: 'Ils ne sont plus que sur cette page. Une fois abandonnés, personne ne pourra les retrouver.',
  },
  keepThem: { one: 'Le garder', other: 'Les garder' },
  gone: { one: 'Votre message a été abandonné.', other: 'Vos # messages ont été abandonnés.' },
  understood: 'Compris',
  title: 'Ce qui n’est plus chez l’hôte',
  text: 'Ces messages ne sont plus que sur cette page. Les vôtres peuvent être renvoyés ou abandonnés ; leurs auteurs peuvent renvoyer les autres, ou vous les copiez.',
  copyAll: 'Tout copier',
  unreadable: {
    one: '# message en attente sur cet ordinateur était illisible et a été mis de côté ; les autres sont là.',
    other:
      '# messages en attente sur cet ordinateur étaient illisibles et ont été mis de côté ; les autres sont là.',
  },
  unkept: {
    one: '# message n’a pas pu être gardé sur cet ordinateur. Il reste ici tant que cette page est ouverte, et part dès que possible.',
    other:
      '# messages n’ont pas pu être gardés sur cet ordinateur. Ils restent ici tant que cette page est ouverte, et partent dès que possible.',
  },
  putAside: {
    one: 'Un fichier que Salon garde sur cet ordinateur était endommagé. Il a été mis de côté ; un brouillon ou un message en attente peut manquer.',
    other:
      '# fichiers que Salon garde sur cet ordinateur étaient endommagés. Ils ont été mis de côté ; des brouillons ou des messages en attente peuvent manquer.',
  },
};
