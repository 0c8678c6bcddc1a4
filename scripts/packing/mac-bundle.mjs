import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../parts/root.mjs';
import { executable, file, under } from './entries.mjs';

/**
 * Salon.app: the shell, what it starts, and its own resources beside it. They are not put into the shell here: that would
 * break its signature, without which macOS on Apple's own processors runs nothing.
 *
 * @param {object} parts
 * @param {Buffer} parts.shell
 * @param {Buffer} parts.resources
 * @param {import('./entries.mjs').Entries} parts.extensions
 * @param {string} parts.version
 * @returns {import('./entries.mjs').Entries}
 */
export function macBundle({ shell, resources, extensions, version }) {
  const picture = readFileSync(join(root, 'resources', 'icons', 'appIcon.png'));
  return under(
    'Salon.app/Contents',
    new Map([
      ['Info.plist', file(infoPlist(version))],
      ['MacOS/salon', executable(shell)],
      ['MacOS/resources.neu', file(resources)],
      ...under('MacOS', extensions),
      ['Resources/Salon.icns', file(icns(picture))],
    ]),
  );
}

/** @param {string} version */
function infoPlist(version) {
  const values = {
    CFBundleDevelopmentRegion: 'en',
    CFBundleDisplayName: 'Salon',
    CFBundleExecutable: 'salon',
    CFBundleIconFile: 'Salon',
    CFBundleIdentifier: 'app.salon.desktop',
    CFBundleInfoDictionaryVersion: '6.0',
    CFBundleName: 'Salon',
    CFBundlePackageType: 'APPL',
    CFBundleShortVersionString: version,
    CFBundleVersion: version,
    LSApplicationCategoryType: 'public.app-category.social-networking',
    LSMinimumSystemVersion: '13.0',
    NSLocalNetworkUsageDescription: 'Salon finds rooms on this network, and lets others find yours.',
  };
  const lines = Object.entries(values).map(
    ([key, value]) => `  <key>${key}</key>\n  <string>${value}</string>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
${lines.join('')}  <key>NSBonjourServices</key>
  <array>
    <string>_salon._tcp</string>
  </array>
  <key>NSHighResolutionCapable</key>
  <true/>
</dict>
</plist>
`;
}

/**
 * An icon in the Mac's format, which takes pictures as they are.
 * @param {Buffer} png of 256 × 256
 */
function icns(png) {
  const size = (/** @type {number} */ bytes) => {
    const field = Buffer.alloc(4);
    field.writeUInt32BE(bytes);
    return field;
  };
  const [head, kind] = [Buffer.from('icns'), Buffer.from('ic08')];
  return Buffer.concat([head, size(png.length + 16), kind, size(png.length + 8), png]);
}
