import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ingredientsOf } from './ingredients.mjs';
import { root } from './root.mjs';

/** What becomes which program. */
const programs = [
  { source: 'server/main.ts', program: 'host' },
  { source: 'server/doctor-main.ts', program: 'doctor' },
  { source: 'extensions/main.ts', program: 'extension' },
  { source: 'server/store/worker.ts', program: 'store-worker' },
  { source: 'tests/support/demo/main.ts', program: 'demo' },
];

/**
 * The programs that run in Node, each one file, and the database engine beside them.
 *
 * CommonJS, because the glue of node-sqlite3-wasm finds its wasm file through `__dirname`.
 *
 * @param {{ dev: boolean }} options
 * @returns {Promise<{ files: import('./publishing.mjs').Files, ingredientsOf: (...programs: string[]) => import('./ingredients.mjs').Ingredients }>}
 *   and what is in some of the programs only
 */
export async function bundleNode({ dev }) {
  const { build } = await import('esbuild');
  const result = await build({
    absWorkingDir: root,
    entryPoints: programs.map(({ source, program }) => ({ in: join(root, source), out: program })),
    outdir: join(root, 'build', 'node'),
    outExtension: { '.js': '.cjs' },
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // CommonJS has no import.meta; what the sources ask of it, they get.
    define: {
      'import.meta.url': 'importMetaUrl',
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
    },
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
    // Optional native helpers of ws, never installed here and never to be picked up from elsewhere.
    external: ['bufferutil', 'utf-8-validate'],
    charset: 'utf8',
    metafile: true,
    sourcemap: dev ? 'linked' : false,
    logLevel: 'warning',
  });

  const engine = 'node-sqlite3-wasm.wasm';
  const files = new Map([
    [engine, readFileSync(join(root, 'node_modules', 'node-sqlite3-wasm', 'dist', engine))],
    ...result.outputFiles.map(({ path, contents }) => /** @type {const} */ ([basename(path), contents])),
  ]);
  return {
    files,
    ingredientsOf: (...names) =>
      ingredientsOf(result.metafile, (path) => names.includes(basename(path, '.cjs'))),
  };
}
