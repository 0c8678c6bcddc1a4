// Stands in for the Neutralino shell 6.9, where there is none: a window-less program that does to its extension and to its
// page what the shell does, no more kindly. It reads the real neutralino.config.json, with its allow list, its headers and
// its command, and is started like the shell from a folder laid out like a release, by a copy of Node in the shell's place:
//
//   FOLDER/salon stand-in.mjs --path=FOLDER [--delay-extension=MS] [--refuse-extension] [--no-tray] [--os=Darwin]
//
// Whoever started it hears of calls to the window, and can press its X or break things, by Node's channel (`shell.ts`).
// What it cannot do: leak file handles into a child, as WebKit's processes do, or leave the extension in its own session.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { WebSocketServer } from 'ws';

/** @typedef {{ id: string, method: string, accessToken: string, data: Record<string, unknown> | null }} Call */
/** @typedef {{ returnValue?: unknown, message?: string }} Success */

const mostBytes = 32_000_000;
const { values } = parseArgs({
  options: {
    path: { type: 'string', default: '.' },
    'delay-extension': { type: 'string', default: '0' },
    'refuse-extension': { type: 'boolean', default: false },
    'no-tray': { type: 'boolean', default: false },
    os: { type: 'string', default: 'Linux' },
  },
});
const folder = values.path;
/** @type {{ applicationId: string, url: string, documentRoot: string, serverHeaders: Record<string, string>,
 *   nativeAllowList: string[], tokenSecurity: string, modes: { window: { exitProcessOnClose: boolean, emitDropEvents: boolean } },
 *   extensions: { id: string, commandLinux: string }[] }} */
const config = JSON.parse(readFileSync(join(folder, 'neutralino.config.json'), 'utf8'));
const [extension] = config.extensions;
if (!extension) throw new Error('the configuration has no extension');
if (config.modes.window.exitProcessOnClose)
  throw new Error('a shell that ends with its window is another one');

const connectToken = randomBytes(49).toString('base64url').slice(0, 49);
const token = `${randomBytes(47).toString('base64url').slice(0, 47)}.${connectToken}`;
let tokenIsGiven = config.tokenSecurity !== 'one-time';

/** @type {Set<import('ws').WebSocket>} */
const pages = new Set();
/** @type {import('ws').WebSocket | null} */
let extensionSocket = null;
/** The core has one thread: while a dialog is open, nothing is answered. */
let silence = Promise.resolve();

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://shell');
  const path = extname(pathname) === '' ? '/index.html' : decodeURIComponent(pathname);
  for (const [name, value] of Object.entries(config.serverHeaders)) response.setHeader(name, value);
  if (path.endsWith('/__neutralino_globals.js')) {
    response.setHeader('Content-Type', 'text/javascript');
    response.end(globals());
    return;
  }
  const content = path.includes('..') ? null : read(join(folder, config.documentRoot, normalize(path)));
  response.setHeader('Content-Type', types.get(extname(path)) ?? 'application/octet-stream');
  if (content === null) response.statusCode = 404;
  response.end(content ?? '');
});

const types = new Map([
  ['.html', 'text/html'],
  ['.js', 'text/javascript'],
  ['.css', 'text/css'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.woff2', 'font/woff2'],
]);

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

/** Pasted between apostrophes without a look, as the shell does it. */
function globals() {
  const given = tokenIsGiven ? '' : token;
  tokenIsGiven = true;
  const texts = {
    OS: values.os,
    ARCH: 'x64',
    VERSION: '6.9.0',
    APPID: config.applicationId,
    MODE: 'window',
    TOKEN: given,
    CWD: process.cwd(),
    PATH: folder,
  };
  const rest = { PORT: portOf(), PID: process.pid, EXTENABLED: true, ARGS: process.argv };
  return [
    ...Object.entries(texts).map(([name, text]) => `var NL_${name}='${text}';`),
    ...Object.entries(rest).map(([name, value]) => `var NL_${name}=${JSON.stringify(value)};`),
  ].join('');
}

function portOf() {
  return /** @type {import('node:net').AddressInfo} */ (server.address()).port;
}

const sockets = new WebSocketServer({ noServer: true, maxPayload: mostBytes, perMessageDeflate: false });
server.on('upgrade', (request, stream, head) => {
  const { searchParams } = new URL(request.url ?? '/', 'http://shell');
  const id = searchParams.get('extensionId');
  const isLocal = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '');
  const isKnown = id === null || (id === extension.id && !values['refuse-extension']);
  if (!isLocal || !isKnown || searchParams.get('connectToken') !== connectToken) {
    stream.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    return;
  }
  sockets.handleUpgrade(request, stream, head, (socket) => arrive(socket, id));
});

/**
 * @param {import('ws').WebSocket} socket
 * @param {string | null} id - an extension's; null for a page
 */
function arrive(socket, id) {
  if (id === null) pages.add(socket);
  else extensionSocket = socket;
  const kind = id === null ? 'app' : 'ext';
  tellAll(`${kind}ClientConnect`, id ?? pages.size);
  tellAll('clientConnect', pages.size);
  socket.on('message', (/** @type {Buffer} */ data) => void receive(socket, data.toString()));
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    pages.delete(socket);
    if (extensionSocket === socket) extensionSocket = null;
    tellAll(`${kind}ClientDisconnect`, id ?? pages.size);
  });
}

/**
 * @param {import('ws').WebSocket} socket
 * @param {string} text
 */
async function receive(socket, text) {
  await silence;
  /** @type {Call} */
  let call;
  try {
    call = JSON.parse(text);
  } catch {
    return; // As the shell: no answer at all.
  }
  if (typeof call.id !== 'string' || typeof call.method !== 'string') return;
  const { id, method } = call;
  socket.send(JSON.stringify({ id, method, data: answer(call) }), () => undefined);
}

/** @param {Call} call */
function answer({ method, accessToken, data }) {
  if (accessToken !== token) return failure('NE_RT_INVTOKN');
  const allowed = [method, `${method.split('.', 1)[0]}.*`].some((name) =>
    config.nativeAllowList.includes(name),
  );
  if (!allowed) return failure('NE_RT_NATPRME');
  const handler = methods[method];
  if (!handler) return failure('NE_RT_NATNTIM');
  try {
    const result = handler(data ?? {});
    return 'error' in result ? result : { success: true, ...result };
  } catch {
    return failure('NE_RT_NATRTER');
  }
}

/** @param {string} code */
function failure(code) {
  return { error: { code, message: code } };
}

/** @type {Record<string, (data: Record<string, unknown>) => Success | { error: unknown }>} */
const methods = {
  'extensions.getStats': () => ({
    returnValue: { loaded: [extension.id], connected: extensionSocket === null ? [] : [extension.id] },
  }),
  'extensions.dispatch': ({ extensionId, event, data }) => {
    if (extensionId !== extension.id || extensionSocket === null) return failure('NE_EX_EXTNOTC');
    send(extensionSocket, String(event), data);
    return { message: 'dispatched' };
  },
  'app.broadcast': ({ event, data }) => {
    for (const page of pages) send(page, String(event), data);
    return {};
  },
  'app.getProcessId': () => ({ returnValue: process.pid }),
  'app.exit': ({ code }) => process.exit(Number(code ?? 0)),
  // As if somebody had pressed Ctrl-C.
  'app.killProcess': () => process.exit(130),
};
for (const name of [
  'window.show',
  'window.hide',
  'window.focus',
  'window.unminimize',
  'window.setTitle',
  'window.setMainMenu',
  'os.showNotification',
  'os.setTray',
]) {
  methods[name] = (data) => {
    if (name === 'os.setTray' && values['no-tray']) return failure('NE_OS_TRAYIER');
    process.send?.({ called: name, data });
    return {};
  };
}

/**
 * @param {import('ws').WebSocket} socket
 * @param {string} event
 * @param {unknown} data
 */
function send(socket, event, data) {
  socket.send(JSON.stringify({ event, data: data ?? null }), () => undefined);
}

/**
 * @param {string} event
 * @param {unknown} data
 */
function tellAll(event, data) {
  for (const socket of [...pages, ...(extensionSocket === null ? [] : [extensionSocket])])
    send(socket, event, data);
}

async function startExtension() {
  await wait(Number(values['delay-extension']));
  // A process group of its own, as the shell's have.
  const child = spawn('/bin/sh', ['-c', String(extension?.commandLinux).replaceAll('${NL_PATH}', folder)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  child.stdout.on('data', (data) => process.stdout.write(data));
  child.stderr.on('data', (data) => process.stderr.write(data));
  child.stdin.on('error', () => undefined);
  const credentials = {
    nlConnectToken: connectToken,
    nlExtensionId: extension?.id,
    nlPort: String(portOf()),
  };
  child.stdin.end(JSON.stringify({ ...credentials, nlToken: token }));
  process.send?.({ extension: child.pid });
}

process.on(
  'message',
  (/** @type {{ emit?: string, data?: unknown, silenceMs?: number, drop?: boolean }} */ wish) => {
    // Otherwise they are the engine's affair.
    if (wish.emit === 'filesDropped' && !config.modes.window.emitDropEvents) return;
    if (wish.emit !== undefined) void silence.then(() => tellAll(String(wish.emit), wish.data ?? null));
    if (wish.silenceMs !== undefined) silence = wait(wish.silenceMs);
    if (wish.drop === true) extensionSocket?.terminate();
  },
);
// Whoever started it may have been killed.
process.on('disconnect', () => process.exit(1));

server.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${portOf()}${config.url}` });
  void startExtension();
});
