import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../parts/root.mjs';

/**
 * A package whose code, fonts or data are in what is packed.
 * @typedef {{ name: string, version: string, licence: string, text: string, integrity: string | undefined }} Ingredient
 */

/** What may be passed on with a program under MIT by keeping the text with it. */
const allowed = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'OFL-1.1']);

/**
 * Reads what the packages say of themselves.
 *
 * @param {Iterable<string>} folders from the project's
 * @returns {Ingredient[]} sorted by name
 * @throws when one has a licence that was not thought about, or no text of it
 */
export function readIngredients(folders) {
  /** @type {{ packages: Record<string, { integrity?: string }> }} */
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return [...new Set(folders)].sort().map((folder) => {
    /** @type {{ name: string, version: string, license: string }} */
    const told = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const { name, version, license: licence } = told;
    if (!allowed.has(licence)) throw new Error(`${name} has the licence ${licence}: may it be packed?`);
    return { name, version, licence, text: textIn(folder), integrity: lock.packages[folder]?.integrity };
  });
}

/** @param {string} folder */
function textIn(folder) {
  const names = readdirSync(join(root, folder)).filter((name) =>
    /^(licen[cs]e|notice|copyright)/i.test(name),
  );
  if (names.length === 0) throw new Error(`${folder} holds no text of its licence`);
  return names
    .map((name) =>
      readFileSync(join(root, folder, name), 'utf8')
        .replaceAll('\r\n', '\n')
        .trim(),
    )
    .join('\n\n');
}

/**
 * All of them in one text, to travel with the program.
 * @param {readonly Ingredient[]} ingredients
 */
export function licenceText(ingredients) {
  const line = '='.repeat(78);
  const parts = ingredients.map(
    ({ name, version, licence, text }) => `${line}\n${name} ${version} (${licence})\n${line}\n\n${text}\n`,
  );
  const head =
    'Salon contains the following, each under its own licence. SQLite, inside node-sqlite3-wasm, is in the public domain.\n';
  return [head, ...parts].join('\n');
}
