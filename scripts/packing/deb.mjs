import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../parts/root.mjs';
import { executable, file, packedAt, under } from './entries.mjs';
import { tar } from './tar.mjs';

/** @typedef {import('./entries.mjs').Entries} Entries */

/**
 * @typedef {object} Package
 * @property {string} version
 * @property {string} architecture as Debian calls it
 * @property {boolean} hasShell without it, what is installed opens in the browser
 * @property {Entries} app the folder as it is unpacked
 */

/** What Node asks of the system, for the oldest that it runs on. */
const forNode = ['libc6 (>= 2.28)', 'libstdc++6 (>= 8)', 'libgcc-s1'];
const forShell = 'libwebkit2gtk-4.1-0 | libwebkit2gtk-4.0-37';
/** They go where Debian looks for them; what the package has in another form is left out. */
const documents = ['README.txt', 'LISEZMOI.txt', 'sbom.cdx.json'];
const otherwise = ['LICENSE.txt', 'SHA256SUMS'];

/** @param {boolean} hasShell */
export function packageName(hasShell) {
  return hasShell ? 'salon' : 'salon-browser';
}

/**
 * A package for Debian and what stands on it.
 *
 * @param {Package} about
 * @param {{ name: string, pack: (data: Buffer) => Buffer }} packing of the data: "data.tar.xz" or another name that says how
 */
export function deb(about, { name, pack }) {
  const data = dataOf(about);
  const control = new Map([
    ['control', file(controlOf(about, data))],
    ['md5sums', file(md5sums(data))],
  ]);
  return ar([
    ['debian-binary', Buffer.from('2.0\n')],
    ['control.tar.gz', gzipSync(tar(control, './'), { level: 9 })],
    [name, pack(tar(data, './'))],
  ]);
}

/**
 * Where everything goes.
 * @param {Package} about
 * @returns {Entries}
 */
function dataOf({ hasShell, app }) {
  const own = packageName(hasShell);
  const icons = join(root, 'resources', 'icons');
  const kept = new Map([...app].filter(([name]) => ![...documents, ...otherwise].includes(name)));
  const told = new Map([...app].filter(([name]) => documents.includes(name)));
  return new Map([
    ['usr/bin/salon', hasShell ? executable(starter) : { link: '../lib/salon/salon' }],
    ...under('usr/lib/salon', kept),
    ['usr/share/applications/salon.desktop', file(desktopEntry)],
    ...under(`usr/share/doc/${own}`, told),
    [`usr/share/doc/${own}/copyright`, file(copyright())],
    ['usr/share/icons/hicolor/256x256/apps/salon.png', file(readFileSync(join(icons, 'appIcon.png')))],
    ['usr/share/icons/hicolor/scalable/apps/salon.svg', file(readFileSync(join(icons, 'icon.svg')))],
  ]);
}

const desktopEntry = `[Desktop Entry]
Type=Application
Name=Salon
GenericName=Chat
GenericName[fr]=Discussion
Comment=A room of your own, on your own network
Comment[fr]=Un salon à vous, sur votre réseau
Exec=/usr/bin/salon %u
Icon=salon
Terminal=false
StartupWMClass=salon
Categories=Network;Chat;InstantMessaging;
`;

/** The shell hands no arguments on. */
const starter = `#!/bin/sh
if [ "\${1-}" = --data ] && [ $# -ge 2 ]; then
  export SALON_DATA="$2"
  shift 2
fi
SALON_OPEN="\${1-}" exec /usr/lib/salon/salon
`;

/**
 * @param {Package} about
 * @param {Entries} data
 */
function controlOf({ version, architecture, hasShell }, data) {
  const bytes = [...data.values()].reduce(
    (sum, entry) => sum + ('link' in entry ? 0 : entry.content.length),
    0,
  );
  const [own, other] = [packageName(hasShell), packageName(!hasShell)];
  return `Package: ${own}
Version: ${version}
Architecture: ${architecture}
Maintainer: Salon contributors <salon@salon.invalid>
Installed-Size: ${Math.ceil(bytes / 1024)}
Depends: ${[...forNode, ...(hasShell ? [forShell] : ['xdg-utils'])].join(', ')}
Recommends: fonts-noto-color-emoji, libnotify-bin${hasShell ? ', xdg-utils' : ''}
Conflicts: ${other}
Replaces: ${other}
Section: net
Priority: optional
Description: chat for people on one network${hasShell ? '' : ', in the browser'}
 A room of your own, on your own network: somebody hosts it, the others join.
 No server elsewhere, no account anywhere else.
`;
}

/** @param {Entries} data */
function md5sums(data) {
  const lines = [...data].flatMap(([name, entry]) => {
    if ('link' in entry) return [];
    return [`${createHash('md5').update(entry.content).digest('hex')}  ${name}\n`];
  });
  return lines.join('');
}

function copyright() {
  return `${readFileSync(join(root, 'LICENSE'), 'utf8')}
What Salon contains of others is in /usr/lib/salon/licences with its texts.
`;
}

/**
 * The archive around the archives.
 * @param {readonly (readonly [string, Buffer])[]} members
 */
function ar(members) {
  const parts = members.flatMap(([name, content]) => {
    const size = String(content.length).padEnd(10);
    const head = `${name.padEnd(16)}${String(packedAt).padEnd(12)}0     0     100644  ${size}\`\n`;
    return [Buffer.from(head), content, Buffer.from(content.length % 2 === 0 ? '' : '\n')];
  });
  return Buffer.concat([Buffer.from('!<arch>\n'), ...parts]);
}
