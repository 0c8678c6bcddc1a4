/**
 * The few lines that lie beside the program.
 *
 * @typedef {{ system: 'linux' | 'win' | 'mac', hasShell: boolean, version: string, inBrowser: string }} Edition
 *   `inBrowser`: what the starter for the browser is called
 */

/** @type {Record<'en' | 'fr', (edition: Edition) => string[]>} */
const paragraphs = {
  en: ({ system, hasShell, version, inBrowser }) => [
    `Salon ${version}: a room of your own, on your own network.`,
    'Nothing needs to be installed. Unpack everything, keep it together, and put the folder where you like.',
    '== To open it ==',
    ...(hasShell
      ? [opening.en[system], `In the browser instead: ${inBrowser}.`]
      : [inTheBrowser.en(inBrowser)]),
    firstTime.en[system],
    'To host: Host a room, then Open the room. Everybody else joins with what is shown there.',
    '== Where the data is ==',
    'Put an empty file named "portable" beside the program, and everything is kept in the folder "data" there: on a USB stick, say. Without it, or where nothing can be written, it is in your own folder. The diagnostics in Salon say which, and why.',
    elsewhere.en(system, hasShell),
    '== What is in here ==',
    'Salon is under the MIT licence (LICENSE.txt). What it contains of others is in licences/ with its texts, and as a list for programs in sbom.cdx.json. SHA256SUMS has the sum of each file.',
    notTried.en[system],
  ],
  fr: ({ system, hasShell, version, inBrowser }) => [
    `Salon ${version} : un salon à vous, sur votre réseau.`,
    'Rien à installer. Extrayez tout, gardez-le ensemble, et mettez le dossier où vous voulez.',
    '== Pour l’ouvrir ==',
    ...(hasShell
      ? [opening.fr[system], `Dans le navigateur à la place : ${inBrowser}.`]
      : [inTheBrowser.fr(inBrowser)]),
    firstTime.fr[system],
    'Pour héberger : Héberger un salon, puis Ouvrir le salon. Les autres entrent avec ce qui s’affiche alors.',
    '== Où sont les données ==',
    'Mettez un fichier vide nommé « portable » à côté du programme, et tout est gardé là, dans le dossier « data » : sur une clé USB, par exemple. Sans lui, ou là où rien ne peut être écrit, c’est dans votre dossier personnel. Le diagnostic de Salon dit lequel, et pourquoi.',
    elsewhere.fr(system, hasShell),
    '== Ce que contient ce dossier ==',
    'Salon est sous licence MIT (LICENSE.txt). Ce qu’il contient d’autrui est dans licences/ avec ses textes, et sous forme de liste pour programmes dans sbom.cdx.json. SHA256SUMS a la somme de chaque fichier.',
    notTried.fr[system],
  ],
};

const opening = {
  en: {
    linux:
      'Double-click "salon", or type ./salon in a terminal. The window needs WebKitGTK, which most desktops have (on Debian and Ubuntu: libwebkit2gtk-4.1-0).',
    win: 'Double-click "salon.exe". The window needs WebView2, which Windows 11 has.',
    mac: 'Double-click "Salon".',
  },
  fr: {
    linux:
      'Double-cliquez sur « salon », ou tapez ./salon dans un terminal. La fenêtre demande WebKitGTK, que la plupart des bureaux ont (Debian et Ubuntu : libwebkit2gtk-4.1-0).',
    win: 'Double-cliquez sur « salon.exe ». La fenêtre demande WebView2, que Windows 11 a.',
    mac: 'Double-cliquez sur « Salon ».',
  },
};

const inTheBrowser = {
  en: (/** @type {string} */ starter) =>
    `This edition has no window of its own: double-click "${starter}", and Salon opens in your browser. It runs until you choose Exit there or close its terminal.`,
  fr: (/** @type {string} */ starter) =>
    `Cette édition n’a pas de fenêtre à elle : double-cliquez sur « ${starter} », et Salon s’ouvre dans votre navigateur. Il tourne jusqu’à ce que vous choisissiez Quitter ou fermiez son terminal.`,
};

const firstTime = {
  en: {
    linux:
      'If your file manager shows a text instead: right-click, Properties, allow to run; or use a terminal. There is no icon for the menu in here: such a file has to name this folder by its full path, and would be wrong as soon as you move it. The .deb has one.',
    win: 'It is not signed: Windows may say that it protected your computer; choose More info, Run anyway. When you first host, its firewall asks about "Node.js": allow private networks.',
    mac: 'It is not signed: at first macOS refuses to open it. Allow it in System Settings, Privacy & Security; or in a terminal, in this folder: xattr -dr com.apple.quarantine .',
  },
  fr: {
    linux:
      'Si votre gestionnaire de fichiers montre un texte : clic droit, Propriétés, autoriser l’exécution ; ou un terminal. Il n’y a pas d’icône pour le menu ici : un tel fichier doit nommer ce dossier par son chemin entier, et serait faux dès que vous le déplacez. Le .deb en a une.',
    win: 'Il n’est pas signé : Windows dira peut-être avoir protégé votre ordinateur ; choisissez Informations complémentaires, Exécuter quand même. Quand vous hébergez la première fois, son pare-feu demande pour « Node.js » : autorisez les réseaux privés.',
    mac: 'Il n’est pas signé : macOS refuse d’abord de l’ouvrir. Autorisez-le dans Réglages Système, Confidentialité et sécurité ; ou dans un terminal, dans ce dossier : xattr -dr com.apple.quarantine .',
  },
};

const traces = {
  linux: '~/.local/share/salon, ~/.local/share/app.salon.desktop, ~/.cache/salon',
  win: '%APPDATA%\\salon.exe',
  mac: '~/Library/WebKit',
};

const elsewhere = {
  en: (/** @type {'linux' | 'win' | 'mac'} */ system, /** @type {boolean} */ hasShell) =>
    hasShell
      ? `The window itself always leaves its caches in ${traces[system]}, as every web view does: nothing personal is in them.`
      : 'Your browser keeps what it keeps of any page, such as its address.',
  fr: (/** @type {'linux' | 'win' | 'mac'} */ system, /** @type {boolean} */ hasShell) =>
    hasShell
      ? `La fenêtre elle-même laisse toujours ses caches dans ${traces[system]}, comme toute vue web : rien de personnel n’y est.`
      : 'Votre navigateur garde ce qu’il garde de toute page, comme son adresse.',
};

const notTried = {
  en: {
    linux: '',
    win: 'This archive was put together on Linux, and was not tried on Windows.',
    mac: 'This archive was put together on Linux, and was not tried on a Mac.',
  },
  fr: {
    linux: '',
    win: 'Cette archive a été assemblée sous Linux, et n’a pas été essayée sous Windows.',
    mac: 'Cette archive a été assemblée sous Linux, et n’a pas été essayée sur un Mac.',
  },
};

/**
 * @param {'en' | 'fr'} language
 * @param {Edition} edition
 */
export function readme(language, edition) {
  const lines = paragraphs[language](edition).filter((paragraph) => paragraph !== '');
  const text = `${lines
    .flatMap((paragraph) => ['', ...wrapped(paragraph)])
    .slice(1)
    .join('\n')}\n`;
  return edition.system === 'win' ? text.replaceAll('\n', '\r\n') : text;
}

/** @param {string} paragraph */
function wrapped(paragraph) {
  const lines = [''];
  for (const word of paragraph.split(' ')) {
    const line = lines[lines.length - 1] ?? '';
    if (line !== '' && line.length + word.length > 78) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
