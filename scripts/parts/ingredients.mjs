/** The folders, from the project's, of packages whose code is in what was built. @typedef {Set<string>} Ingredients */

/**
 * @param {import('esbuild').Metafile} metafile
 * @param {(output: string) => boolean} [isMeant] of the path of something that was made
 * @returns {Ingredients}
 */
export function ingredientsOf({ outputs }, isMeant = () => true) {
  const inputs = Object.entries(outputs).flatMap(([path, { inputs }]) => {
    return isMeant(path) ? Object.entries(inputs) : [];
  });
  const folders = inputs.flatMap(([path, { bytesInOutput }]) => {
    // What was read and of which nothing was left is not in it.
    const folder = bytesInOutput > 0 ? /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] : undefined;
    return folder === undefined ? [] : [folder];
  });
  return new Set(folders.sort());
}
