// node tests/gallery/serve.mjs [room] [port]: the first screens, or with `room` those behind the door, one by one, with
// made-up data, under the policy of the real page.
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { context } from 'esbuild';

const top = dirname(fileURLToPath(import.meta.url));
const root = join(top, '..', '..');
const isRoom = process.argv[2] === 'room';
const here = isRoom ? join(top, '..', 'gallery-room') : top;
const out = join(root, 'build', isRoom ? 'gallery-room' : 'gallery');
const port = Number(process.argv[isRoom ? 3 : 2] ?? 4990);

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self' ws:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types lit-html',
].join('; ');

/** @type {Record<string, string>} */
const types = {
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Gallery</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="icons/icon.svg"><link rel="stylesheet" href="page.css"><script type="module" src="index.js"></script></head><body></body></html>`;

const building = await context({
  absWorkingDir: root,
  entryPoints: { index: join(here, 'index.ts'), page: join(root, 'resources', 'styles', 'page.css') },
  outdir: out,
  bundle: true,
  format: 'esm',
  target: ['chrome120', 'safari16.4', 'firefox121'],
  external: ['fonts/*'],
  logLevel: 'warning',
});

createServer((request, response) => {
  void answer(request, response);
}).listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}`));

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function answer(request, response) {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  if (path === '/') {
    await building.rebuild().catch(() => undefined);
    response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policy });
    response.end(page);
    return;
  }
  const file = fileFor(path);
  if (file === undefined) {
    response.writeHead(404);
    response.end();
    return;
  }
  response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' });
  createReadStream(file).pipe(response);
}

/** @param {string} path */
function fileFor(path) {
  const name = path.slice(1);
  if (name.includes('..')) return undefined;
  const family = name.includes('bricolage') ? 'bricolage-grotesque' : 'atkinson-hyperlegible-next';
  const candidates = [
    join(out, name),
    join(root, 'resources', name),
    join(root, 'node_modules', '@fontsource-variable', family, 'files', name.replace('fonts/', '')),
  ];
  return candidates.find((candidate) => existsSync(candidate));
}
