import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** The built interface, read once at the start: a request can only ever name a file of this list. */

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
};

/** A shorter text fits into one packet as it is. In bytes. */
const WORTH_COMPRESSING = 1_024;
const COMPRESSIBLE = /^text\/|^application\/json|^image\/svg/;

interface PageFile {
  body: Buffer;
  /** Made when somebody first asks for it, so that no start waits for what nobody may ask for. Null where it is no use. */
  compressed: (() => Promise<Buffer>) | null;
  type: string;
  etag: string;
  immutable: boolean;
}

export type Page = ReadonlyMap<string, PageFile>;

export function readPage(directory: string): Page {
  const files = new Map<string, PageFile>();
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const type = TYPES[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const body = readFileSync(path);
    const url = `/${relative(directory, path).split(sep).join('/')}`;
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    const worth = COMPRESSIBLE.test(type) && body.length >= WORTH_COMPRESSING;
    let made: Promise<Buffer> | undefined;
    const compressed = worth ? () => (made ??= promisify(gzip)(body, { level: 9 })) : null;
    files.set(url, { body, compressed, type, etag, immutable: /-[A-Z0-9]{8}\.\w+$/.test(entry.name) });
  }
  const index = files.get('/index.html');
  if (index !== undefined) files.set('/', index);
  return files;
}

/** What every answer carries. `host` is the checked Host header. */
export function securityHeaders(host: string, encrypted = false): Record<string, string> {
  return {
    'Content-Security-Policy': [
      "default-src 'none'",
      "script-src 'self'",
      "worker-src 'self'",
      "style-src 'self'",
      "img-src 'self' blob: data:",
      "media-src 'self' blob:",
      "font-src 'self'",
      // Not every engine counts the WebSocket of the same origin as 'self'.
      `connect-src 'self' ${encrypted ? 'wss' : 'ws'}://${host}`,
      "manifest-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      'trusted-types lit-html salon-worker',
    ].join('; '),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  };
}

/** Answers with a file of the page, or 404. */
export function servePage(page: Page, request: IncomingMessage, response: ServerResponse): void {
  // Not by `URL`, which throws at what nobody honest asks for, such as `//`.
  const [path = '/'] = (request.url ?? '/').split('?', 1);
  const file = page.get(path);
  if (file === undefined) return plain(response, 404, 'Not found.');
  const compressed = takesGzip(request) ? file.compressed : null;
  const etag = compressed === null ? file.etag : file.etag.replace(/"$/, '-gzip"');
  response.setHeader('ETag', etag);
  response.setHeader('Content-Type', file.type);
  response.setHeader('Cache-Control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  if (file.compressed !== null) response.setHeader('Vary', 'Accept-Encoding');
  if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end();
  const send = (body: Buffer) =>
    response
      .writeHead(200, { 'Content-Length': body.length })
      .end(request.method === 'HEAD' ? undefined : body);
  if (compressed === null) return void send(file.body);
  response.setHeader('Content-Encoding', 'gzip');
  void compressed().then(send);
}

/** `gzip;q=0` is a no. */
function takesGzip({ headers }: IncomingMessage): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(String(headers['accept-encoding'] ?? ''));
}

export function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}
