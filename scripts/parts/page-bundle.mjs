import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { ingredientsOf } from './ingredients.mjs';
import { root } from './root.mjs';

/** @typedef {import('./publishing.mjs').Files} Files */

const source = join(root, 'resources');

/** The oldest engines that the interface promises to run in. */
const target = ['chrome120', 'safari16.4', 'firefox121'];

/** Only the two scripts of the alphabet that the interface is written in; other text falls back to the system. */
const fonts = {
  'atkinson-hyperlegible-next': [
    'latin-wght-normal',
    'latin-wght-italic',
    'latin-ext-wght-normal',
    'latin-ext-wght-italic',
  ],
  'bricolage-grotesque': ['latin-opsz-normal', 'latin-ext-opsz-normal'],
};

/**
 * The interface as files to serve.
 *
 * Scripts and styles named in `index.html` get names that change with their content, `main-AB12CD34.js`, and may
 * be cached for ever; `index.html` and everything without such an ending may not.
 *
 * @param {{ dev: boolean }} options
 * @returns {Promise<{ files: Files, ingredients: import('./ingredients.mjs').Ingredients }>}
 */
export async function bundlePage({ dev }) {
  const html = readFileSync(join(source, 'index.html'), 'utf8');
  const references = [...html.matchAll(/\b(?:src|href)="\.?\/?([^":]+\.(?:ts|css))"/g)].map((found) =>
    String(found[1]),
  );
  const [page, worker] = await Promise.all([bundleEntries(references, dev), bundleWorker(dev)]);

  const files = new Map([...fontFiles(), ...iconFiles(), ...worker.files, ...page.files]);
  // Last: whoever loads it finds everything that it names.
  files.set('index.html', withChunks(withBuiltNames(html, page.names), page.chunks));
  const fontFolders = Object.keys(fonts).map((family) => `node_modules/@fontsource-variable/${family}`);
  return { files, ingredients: new Set([...page.ingredients, ...worker.ingredients, ...fontFolders]) };
}

/**
 * @param {string[]} references as `index.html` writes them
 * @param {boolean} dev
 */
async function bundleEntries(references, dev) {
  const { build } = await import('esbuild');
  const result = await build({
    ...shared(dev),
    entryPoints: references.map((name) => join(source, name)),
    format: 'esm',
    splitting: true,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    // Left as written: these stand beside the style sheet under fixed names.
    external: ['fonts/*', 'icons/*.svg', 'icons/*.png'],
    metafile: true,
    // Lit's own warnings about wrong use, for those who are writing.
    conditions: dev ? ['development'] : [],
    ...(dev ? { inject: [join(root, 'scripts', 'parts', 'reload-page.js')] } : {}),
  });

  /** @type {Map<string, string>} */
  const names = new Map();
  /** @type {Set<string>} */
  const chunks = new Set();
  for (const [path, { entryPoint, imports }] of Object.entries(result.metafile.outputs)) {
    const name = entryPoint?.replace('resources/', '');
    if (name) names.set(name, basename(path));
    if (name === undefined || !references.includes(name)) continue;
    for (const { kind, path: chunk } of imports) if (kind === 'import-statement') chunks.add(basename(chunk));
  }
  return {
    files: filesOf(result.outputFiles),
    ingredients: ingredientsOf(result.metafile),
    names,
    chunks,
  };
}

/**
 * The worker that stretches passwords. One plain script under a fixed name: the page asks for it by that name.
 * @param {boolean} dev
 */
async function bundleWorker(dev) {
  const entry = join(source, 'scrypt-worker.ts');
  const { build } = await import('esbuild');
  const result = await build({
    ...shared(dev),
    entryPoints: [entry],
    format: 'iife',
    entryNames: '[name]',
    metafile: true,
  });
  return { files: filesOf(result.outputFiles), ingredients: ingredientsOf(result.metafile) };
}

/** @param {boolean} dev */
function shared(dev) {
  return /** @type {const} */ ({
    absWorkingDir: root,
    outdir: join(root, 'build', 'page'),
    bundle: true,
    write: false,
    target,
    minify: !dev,
    charset: 'utf8',
    sourcemap: dev ? 'linked' : false,
    logLevel: 'warning',
  });
}

/**
 * @param {{ path: string, contents: Uint8Array }[]} outputs
 * @returns {Files}
 */
function filesOf(outputs) {
  return new Map(outputs.map(({ path, contents }) => [basename(path), contents]));
}

/**
 * @param {string} html
 * @param {Map<string, string>} names
 */
function withBuiltNames(html, names) {
  return html.replace(/\b(src|href)="\.?\/?([^":]+\.(?:ts|css))"/g, (_, attribute, name) => {
    const built = names.get(name);
    if (!built) throw new Error(`index.html names ${name}, which the build did not make`);
    return `${attribute}="${built}"`;
  });
}

/**
 * What the scripts import at once is asked for together with them, not when they have come and been read.
 *
 * @param {string} html
 * @param {Set<string>} chunks
 */
function withChunks(html, chunks) {
  const links = [...chunks].map((name) => `<link rel="modulepreload" href="${name}" />`);
  return html.replace('</head>', `${links.join('')}</head>`);
}

/** @returns {Files} */
function fontFiles() {
  /** @type {Files} */
  const files = new Map();
  for (const [family, cuts] of Object.entries(fonts)) {
    const folder = join(root, 'node_modules', '@fontsource-variable', family);
    for (const cut of cuts) {
      const name = `${family}-${cut}.woff2`;
      files.set(`fonts/${name}`, readFileSync(join(folder, 'files', name)));
    }
    // The fonts' licence asks to travel with them.
    files.set(`fonts/${family}-LICENSE.txt`, readFileSync(join(folder, 'LICENSE')));
  }
  return files;
}

/** @returns {Files} */
function iconFiles() {
  const folder = join(source, 'icons');
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder).filter((name) => extname(name) !== '.ts');
  return new Map(names.map((name) => [`icons/${name}`, readFileSync(join(folder, name))]));
}
