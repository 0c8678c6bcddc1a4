// time limit: 120 s
// Salon and the desktop around it: what the system shows for it, and what it starts it for.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { agent } from '../../extensions/desktop/mac.ts';
import { placesFor } from '../../extensions/desktop/places.ts';
import { findStarter } from '../../extensions/desktop/starter.ts';
import { FILE_PART_BYTES } from '../../server/protocol/control.ts';
import { scratch, start } from '../support/processes.ts';
import { unpacked } from '../support/unpacked.ts';
import { eventually, Page, startExtension } from './pages.ts';

const desktop = suite('Salon and the desktop around it');

/** A folder of programs that write down how they were called. */
async function recorders(...names: string[]): Promise<{ folder: string; calls(): string[][] }> {
  const folder = await scratch();
  const log = join(folder, 'calls');
  for (const name of names) {
    const source = `#!${process.execPath}
require('node:fs').appendFileSync(${JSON.stringify(log)}, JSON.stringify(process.argv.slice(2)) + '\\n');
`;
    writeFileSync(join(folder, name), source, { mode: 0o755 });
  }
  const calls = () =>
    existsSync(log)
      ? readFileSync(log, 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as string[])
      : [];
  return { folder, calls };
}

desktop(
  'shows notifications by the system’s program, and nothing in them is a command, an option or markup',
  async () => {
    const { folder, calls } = await recorders('notify-send');
    const extension = await startExtension({ env: { PATH: folder } });
    const page = await Page.open(extension);
    assert.ok((await page.ask('desktop.state', {})).notifications);
    const title = '--help $(touch /tmp/x) `id`\n"';
    await page.ask('notification.show', { title, text: '<b>1 & 2</b>; rm -rf /' });
    await page.ask('notification.show', { title: 'Ada', text: '🙂'.repeat(500) });
    const [first, second] = calls();
    assert.equal(first?.slice(-3), [
      '--',
      title.replace('\n', ' '),
      '&lt;b&gt;1 &amp; 2&lt;/b&gt;; rm -rf /',
    ]);
    assert.is(second?.at(-1), `${'🙂'.repeat(299)}…`);
    await extension.stop();
  },
);

desktop('says when there is no such program', async () => {
  const extension = await startExtension({ env: { PATH: await scratch() } });
  const page = await Page.open(extension);
  assert.not.ok((await page.ask('desktop.state', {})).notifications);
  const refused = page.ask('notification.show', { title: 'Ada', text: 'bonjour' }).then(() => '', String);
  assert.match(await refused, 'NO_NOTIFICATIONS');
  await extension.stop();
});

desktop('has a tray where somebody on the bus shows one, whichever program asks', async () => {
  const cases = [
    { asks: 'gdbus', answer: '(true,)', tray: true },
    { asks: 'gdbus', answer: '(false,)', tray: false },
    { asks: 'dbus-send', answer: '   boolean true', tray: true },
    { asks: 'nobody', answer: '', tray: false },
  ];
  for (const { asks, answer, tray } of cases) {
    const folder = await scratch();
    writeFileSync(join(folder, asks), `#!/bin/sh\necho '${answer}'\n`, { mode: 0o755 });
    const extension = await startExtension({ env: { PATH: folder } });
    const page = await Page.open(extension);
    assert.is((await page.ask('desktop.state', {})).tray, tray, asks);
    await extension.stop();
  }
});

desktop('shows its own folder, and no other', async () => {
  const { folder, calls } = await recorders('xdg-open');
  const directory = await scratch();
  const extension = await startExtension({ directory, env: { PATH: folder } });
  const page = await Page.open(extension);
  await page.ask('folder.show', {});
  assert.equal(calls(), [[directory]]);
  await extension.stop();
});

/** As a page does it. @returns the name that the file has. */
async function save(page: Page, name: string, parts: readonly Buffer[]): Promise<string> {
  const begun = await page.ask('saving.begin', { name });
  for (const part of parts) await page.ask('saving.write', { data: part.toString('base64') });
  await page.ask('saving.end', {});
  return begun.name;
}

desktop('puts files among the downloads beside those that are there, each of them whole', async () => {
  const home = await scratch();
  writeFileSync(
    join(home, 'user-dirs.dirs'),
    'XDG_DESKTOP_DIR="$HOME/Bureau"\nXDG_DOWNLOAD_DIR="$HOME/Reçus"\n',
  );
  const extension = await startExtension({ env: { HOME: home, XDG_CONFIG_HOME: home } });
  const page = await Page.open(extension);
  const parts = [randomBytes(FILE_PART_BYTES), randomBytes(FILE_PART_BYTES), randomBytes(7)];
  assert.is(await save(page, 'photo.tar.gz', parts), 'photo.tar.gz');
  assert.is(await save(page, '../photo.tar.gz', [Buffer.from('another')]), 'photo.tar (2).gz');
  assert.is(await save(page, 'nothing', []), 'nothing');
  const kept = (name: string) => readFileSync(join(home, 'Reçus', name));
  assert.ok(kept('photo.tar.gz').equals(Buffer.concat(parts)));
  assert.is(kept('photo.tar (2).gz').toString(), 'another');
  await extension.stop();
});

desktop('says that a file could not be saved, and leaves no half of one', async () => {
  const home = await scratch();
  const folder = join(home, 'Downloads');
  const extension = await startExtension({ env: { HOME: home, XDG_CONFIG_HOME: home } });
  const page = await Page.open(extension);
  await page.ask('saving.begin', { name: 'half.bin' });
  await page.ask('saving.write', { data: randomBytes(1_000).toString('base64') });
  assert.equal(readdirSync(folder), ['half.bin']);
  // Loaded anew.
  const next = await Page.open(extension);
  await eventually(() => readdirSync(folder).length === 0);
  const refusal = (asked: Promise<unknown>) => asked.then(() => 'saved', String);
  assert.match(await refusal(next.ask('saving.end', {})), 'NOT_SAVED');
  rmSync(folder, { recursive: true });
  writeFileSync(folder, 'no folder');
  assert.match(await refusal(next.ask('saving.begin', { name: 'a.txt' })), 'NOT_SAVED');
  await extension.stop();
});

desktop(
  'offers what the system could start only to a Salon that was unpacked and has its own data',
  async () => {
    const built = await startExtension();
    const none = { atLogin: 'none', links: 'none' };
    const stateOf = async (page: Page) => {
      const { atLogin, links } = await page.ask('desktop.state', {});
      return { atLogin, links };
    };
    assert.equal(await stateOf(await Page.open(built)), none);
    await built.stop();
    const { app, file, env } = await unpacked();
    writeFileSync(join(app, 'salon'), '', { mode: 0o755 });
    const named = await startExtension({ file, env });
    assert.equal(await stateOf(await Page.open(named)), none, 'its data was named');
    await named.stop();
  },
);

desktop('opens a link as one word, whatever is in it', async () => {
  const { folder, calls } = await recorders('xdg-open');
  const extension = await startExtension({ env: { PATH: folder } });
  const page = await Page.open(extension);
  const links = ['mailto:ada@example.org" /c calc ?subject=\\a b', 'https://example.org/a b?c="d"#|e|\\'];
  for (const url of links) await page.ask('link.open', { url });
  assert.equal(calls(), [
    ['mailto:ada@example.org%22%20/c%20calc%20?subject=%5Ca%20b'],
    ['https://example.org/a%20b?c=%22d%22#|e|%5C'],
  ]);
  await extension.stop();
});

/** The words of a command in a desktop entry, read as its specification says. */
function wordsOf(entry: string): string[] {
  const exec = /^Exec=(.*)$/m.exec(entry)?.[1] ?? '';
  const text = exec.replaceAll('\\\\', '\\');
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, bare]) =>
    (quoted ?? bare ?? '').replace(/\\(["`$\\])/g, '$1').replaceAll('%%', '%'),
  );
}

const hasXdg = spawnSync('xdg-mime', ['--version']).status === 0;
if (!hasXdg)
  process.stderr.write('Salon and the desktop around it: xdg-mime is missing, so no link was registered.\n');
const withXdg = hasXdg ? desktop : desktop.skip;

withXdg(
  'starts with the computer and for links when it is asked to, and leaves nothing behind when it is not',
  async () => {
    const { app, file, env } = await unpacked('Salon "à 5 $" 100%');
    mkdirSync(join(app, 'data'));
    // The edition with a window: its shell, and the script for those who want a browser all the same.
    for (const name of ['salon', 'salon-in-browser'])
      writeFileSync(join(app, name), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(join(app, 'extensions', 'node', 'node'), `#!/bin/sh\nexec "${process.execPath}" "$@"\n`);
    chmodSync(join(app, 'extensions', 'node', 'node'), 0o755);
    const extension = await startExtension({ file, directory: null, env });
    const page = await Page.open(extension);
    const { HOME } = env;
    const login = join(HOME, 'config', 'autostart', 'salon.desktop');
    const links = join(HOME, 'share', 'applications', 'salon-link.desktop');

    assert.equal(await page.ask('desktop.state', {}).then(({ atLogin, links: l }) => [atLogin, l]), [
      'off',
      'off',
    ]);
    assert.is((await page.ask('desktop.set', { what: 'atLogin', on: true })).atLogin, 'on');
    assert.equal(wordsOf(readFileSync(login, 'utf8')), [join(app, 'salon')]);

    assert.is((await page.ask('desktop.set', { what: 'links', on: true })).links, 'on');
    const [node = '', ...words] = wordsOf(readFileSync(links, 'utf8'));
    assert.equal([node, ...words], [join(app, 'extensions', 'node', 'node'), file, '--link', '%u']);
    // The system follows a link: the Salon that runs gets it.
    const link = 'salon://join#AQAB';
    const passing = spawnSync(node, [...words.slice(0, -1), link], {
      env: {
        ...process.env,
        ...env,
        PATH: `${(await recorders('xdg-open')).folder}${delimiter}${process.env['PATH']}`,
      },
      timeout: 20_000,
    });
    assert.is(passing.status, 0, passing.stderr.toString());
    // The page that the system opens then takes the place of the one that is there.
    const next = await Page.open(extension);
    assert.is((await next.ask('app.state', {})).opened, link);

    for (const what of ['atLogin', 'links'] as const)
      assert.is((await next.ask('desktop.set', { what, on: false }))[what], 'off');
    assert.not.ok(existsSync(login) || existsSync(links));
    await extension.stop();
  },
);

withXdg('a link starts Salon where none runs', async () => {
  const { app, file, env } = await unpacked();
  mkdirSync(join(app, 'data'));
  const opened = join(app, 'opened');
  writeFileSync(join(app, 'salon'), `#!/bin/sh\nprintf %s "$SALON_OPEN" > "${opened}"\n`, { mode: 0o755 });
  writeFileSync(join(app, 'salon-in-browser'), '');
  const link = 'salon://join#A;$(id)"';
  const passing = start(file, ['--link', link], env);
  assert.is((await passing.ended).code, 0);
  await eventually(() => existsSync(opened) && readFileSync(opened, 'utf8') === link);
});

desktop('is started on every system as it lies there', async () => {
  const { app, file } = await unpacked();
  writeFileSync(join(app, 'salon.exe'), '');
  const node = join(app, 'extensions', 'node');
  assert.equal(findStarter(file, 'win32'), {
    alone: [join(app, 'salon.exe')],
    withLink: [join(node, 'node.exe'), file, '--link'],
  });
  const browser = await unpacked();
  writeFileSync(join(browser.app, 'salon.cmd'), '');
  assert.equal(findStarter(browser.file, 'win32')?.withLink.slice(1), [browser.file, '--open', '--']);
  writeFileSync(join(browser.app, 'salon'), '');
  assert.equal(findStarter(browser.file, 'linux')?.withLink, [join(browser.app, 'salon')]);
  const mac = await unpacked(join('Salon.app', 'Contents', 'MacOS'));
  assert.equal(findStarter(mac.file, 'darwin')?.alone, ['/usr/bin/open', join(mac.app, '..', '..')]);
  assert.match(
    agent(['/usr/bin/open', '/A & B/<Salon>.app']),
    '<string>/A &amp; B/&lt;Salon&gt;.app</string>',
  );
});

/** Windows' `reg` as far as it is called here: it keeps values, and exports them in UTF-16 as the real one does. */
const REG = `#!${process.execPath}
const fs = require('node:fs');
const [what, key, ...words] = process.argv.slice(2);
const store = __dirname + '/registry.json';
const kept = fs.existsSync(store) ? JSON.parse(fs.readFileSync(store, 'utf8')) : {};
const after = (word) => words[words.indexOf(word) + 1];
if (what === 'add') (kept[key] ??= {})[words.includes('/v') ? after('/v') : '@'] = after('/d');
else if (kept[key] === undefined) process.exit(1);
else if (what === 'delete' && words.includes('/v')) delete kept[key][after('/v')];
else if (what === 'delete') for (const each of Object.keys(kept)) each.startsWith(key) && delete kept[each];
else {
  const quoted = (text) => '"' + text.replace(/["\\\\]/g, '\\\\$&') + '"';
  const lines = Object.entries(kept[key]).map(([name, value]) => (name === '@' ? name : quoted(name)) + '=' + quoted(value));
  fs.writeFileSync(words[0], '\\ufeff[' + key + ']\\r\\n' + lines.join('\\r\\n'), 'utf16le');
}
fs.writeFileSync(store, JSON.stringify(kept));
`;

desktop('on Windows stands in the registry, in folders with accents too', async () => {
  const folder = await scratch();
  mkdirSync(join(folder, 'System32'));
  writeFileSync(join(folder, 'System32', 'reg.exe'), REG, { mode: 0o755 });
  process.env['SystemRoot'] = folder;
  try {
    const [shell, node, main] = ['salon.exe', 'node.exe', 'main.cjs'].map(
      (name) => `C:\\Users\\Zoë\\100% à moi\\${name}`,
    );
    const starter = { alone: [shell ?? ''], withLink: [node ?? '', main ?? '', '--link'] };
    const places = placesFor(starter, 'win32');
    for (const place of [places.atLogin, places.links]) {
      assert.is(await place?.isOn(), false);
      await place?.set(true);
      assert.is(await place?.isOn(), true);
    }
    const kept = JSON.parse(readFileSync(join(folder, 'System32', 'registry.json'), 'utf8')) as Record<
      string,
      object
    >;
    const values = Object.values(kept).flatMap((each) => Object.values(each) as string[]);
    assert.ok(values.includes(`"${shell}"`), values.join());
    assert.ok(values.includes(`"${node}" "${main}" "--link" "%1"`), values.join());
    const typedOtherwise = { alone: [shell?.replace('C:', 'c:') ?? ''], withLink: [] };
    assert.ok(await placesFor(typedOtherwise, 'win32').atLogin?.isOn());
    // Another Salon's entry is not ours.
    assert.is(await placesFor({ ...starter, alone: ['D:\\salon.exe'] }, 'win32').atLogin?.isOn(), false);
    for (const place of [places.atLogin, places.links]) {
      await place?.set(false);
      assert.is(await place?.isOn(), false);
    }
  } finally {
    delete process.env['SystemRoot'];
  }
});

desktop.run();
