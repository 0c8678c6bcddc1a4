// time limit: 120 s
// A page of somebody else's in the browser of a member, or of the host: it can make that browser connect anywhere, and
// can give any address a name of its own; it must not get anywhere with it (T9, T10).
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser, type Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CONTROL_SUBPROTOCOL } from '../../server/protocol/control.ts';
import { SUBPROTOCOL } from '../../server/protocol/entities.ts';
import { chromiumPath, openContext } from '../support/browser.ts';
import { program, scratch, start, type Running } from '../support/processes.ts';
import { openRoom, type TestRoom } from '../support/room.ts';

const crossSite = suite('A page from elsewhere');

let browser: Browser;
let room: TestRoom;
let extension: Running;
let salon: URL;
let elsewhere: Server;
let page: Page;

crossSite.before(async () => {
  // A name of the attacker's that leads to this computer: DNS rebinding, without waiting for it.
  const rebinding = '--host-resolver-rules=MAP rebound.example 127.0.0.1';
  browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox', rebinding] });
  room = await openRoom({ door: 'simple' });
  extension = start(program('extension'), ['--browser', '--data', await scratch()], {
    SALON_NO_MULTICAST: '1',
  });
  salon = new URL((JSON.parse(await extension.first) as { url: string }).url);
  elsewhere = createServer((_request, response) => {
    response
      .writeHead(200, { 'Content-Type': 'text/html' })
      .end('<!doctype html><title>elsewhere</title><body>');
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  page = await (await openContext(browser)).newPage();
  await page.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`);
});

crossSite.after(async () => {
  await browser.close();
  elsewhere.close();
  await extension.stop();
  await room.close();
});

/** Whether a page may open a WebSocket: `open`, or the close code. */
const opens = (from: Page, url: string, protocols: string[]) =>
  from.evaluate(
    ([to, offered]) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(to, offered);
        socket.onopen = () => resolve('open');
        socket.onclose = ({ code }) => resolve(String(code));
      }),
    [url, protocols] as const,
  );

crossSite('opens no socket to a room, by either door', async () => {
  for (const scheme of ['ws', 'wss'])
    assert.is(await opens(page, `${scheme}://${room.address}/socket`, [SUBPROTOCOL]), '1006', scheme);
  assert.is(room.host.online(), 0);
});

crossSite('opens none from a frame without an origin either', async () => {
  const opened = await page.evaluate(
    ([url, protocol]) =>
      new Promise<string>((resolve) => {
        addEventListener('message', ({ data }) => resolve(String(data)), { once: true });
        const frame = document.createElement('iframe');
        frame.setAttribute('sandbox', 'allow-scripts');
        frame.srcdoc = `<script>
          const socket = new WebSocket(${JSON.stringify(url)}, ${JSON.stringify(protocol)});
          socket.onopen = () => parent.postMessage('open', '*');
          socket.onclose = () => parent.postMessage('closed', '*');
        </script>`;
        document.body.append(frame);
      }),
    [`ws://${room.address}/socket`, SUBPROTOCOL] as const,
  );
  assert.is(opened, 'closed');
});

crossSite('reads nothing of the room’s page, shows it in no frame, and posts nothing to it', async () => {
  const url = `http://${room.address}/`;
  const tried = await page.evaluate(async (to) => {
    const reading = await fetch(to).then(
      (response) => response.text(),
      () => 'refused',
    );
    const posting = await fetch(to, { method: 'POST', mode: 'no-cors', body: 'x' }).then(
      ({ type }) => type,
      () => 'refused',
    );
    const image = await new Promise<string>((resolve) => {
      const element = new Image();
      element.onload = () => resolve('loaded');
      element.onerror = () => resolve('refused');
      element.src = `${to}health`;
    });
    return { reading, posting, image };
  }, url);
  assert.is(tried.reading, 'refused');
  assert.is.not(tried.image, 'loaded');
  assert.ok(['opaque', 'refused'].includes(tried.posting), 'whatever came back was hidden, and did nothing');

  await page.evaluate((to) => {
    const frame = document.createElement('iframe');
    frame.src = to;
    document.body.append(frame);
  }, url);
  await page.waitForTimeout(800);
  const framed = page.frames().find((frame) => frame.url().startsWith(url));
  assert.not.ok(
    framed !== undefined && (await framed.$('salon-app').catch(() => null)),
    'no salon-app in a frame',
  );
});

crossSite('under a name of its own that leads here is told from the room’s own page', async () => {
  const { port } = room.host;
  const rebound = await (await openContext(browser)).newPage();
  const answer = await rebound.goto(`http://rebound.example:${port}/`);
  assert.is(answer?.status(), 403);
  assert.match((await answer?.text()) ?? '', /BAD_ORIGIN/);
  assert.is(await opens(rebound, `ws://rebound.example:${port}/socket`, [SUBPROTOCOL]), '1006');
  assert.is(await opens(rebound, `wss://rebound.example:${port}/socket`, [SUBPROTOCOL]), '1006');
  assert.is((await rebound.goto(`https://rebound.example:${port}/`))?.status(), 403);

  const ours = await (await openContext(browser)).newPage();
  assert.is((await ours.goto(`http://${room.address}/`))?.status(), 200);
  assert.is(await opens(ours, `ws://${room.address}/socket`, [SUBPROTOCOL]), 'open');
});

crossSite('drives no Salon on this computer: it has neither the origin nor the token', async () => {
  const url = `ws://${salon.host}/`;
  const token = new URLSearchParams(salon.hash.slice(1)).get('app') ?? '';
  assert.ok(token.length >= 43);
  assert.is(await opens(page, url, [CONTROL_SUBPROTOCOL]), '1006');
  assert.is(
    await opens(page, url, [CONTROL_SUBPROTOCOL, `salon-token.${token}`]),
    '1006',
    'not even with the token',
  );
  const rebound = await (await openContext(browser)).newPage();
  assert.is((await rebound.goto(`http://rebound.example:${salon.port}/`))?.status(), 403);
  const own = await (await openContext(browser)).newPage();
  await own.goto(`${salon.origin}/`);
  assert.is(await opens(own, url, [CONTROL_SUBPROTOCOL]), '1006', 'nor the own origin without the token');
});

crossSite.run();
