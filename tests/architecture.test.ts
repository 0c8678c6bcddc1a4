// Who may import whom (ARCHITECTURE.md), read from the sources themselves.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

interface Rule {
  /** Folders and files of ours, without `.ts`; everything under a folder is meant with it. */
  readonly ours: readonly string[];
  /** Packages, or `*` for any but those of the interface. */
  readonly packages: readonly string[];
  /** Whether Node's own modules may be used. */
  readonly node: boolean;
}

const interfacePackages = ['lit', '@lit/*', '@tanstack/*', '@neutralinojs/lib'];

/** The first folder that a file is in decides; the narrower ones come first. */
const rules: Readonly<Record<string, Rule>> = {
  'server/protocol': {
    ours: ['server/protocol'],
    packages: ['valibot', '@noble/hashes'],
    node: false,
  },
  'server/client': {
    ours: ['server/client', 'server/protocol'],
    packages: ['@noble/hashes', '@scure/bip39', 'ulid', 'scrypt-js'],
    node: false,
  },
  'server/store': {
    ours: ['server/store', 'server/protocol', 'server/names'],
    packages: ['*'],
    node: true,
  },
  server: { ours: ['server'], packages: ['*'], node: true },
  extensions: { ours: ['extensions', 'server'], packages: ['*'], node: true },
  resources: {
    ours: ['resources', 'server/protocol', 'server/client'],
    packages: [
      ...interfacePackages,
      '@noble/hashes',
      '@scure/bip39',
      'linkify-it',
      'scrypt-js',
      'ulid',
      'uqr',
      'valibot',
    ],
    node: false,
  },
};

/** SQL is written in capitals in Salon, so that prose about updates and selections is not mistaken for it. */
const sql =
  /\b(SELECT\s[^;'"`]*?\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+(OR\s+\w+\s+)?\w+\s+SET|DELETE\s+FROM|CREATE\s+(TABLE|INDEX|VIRTUAL|TRIGGER|UNIQUE)|PRAGMA\s+\w)/;

const top = fileURLToPath(new URL('..', import.meta.url));
const sources = ['server', 'extensions', 'resources'].flatMap(sourcesUnder);

const architecture = suite('The architecture');

architecture('has every folder that the rules speak of', () => {
  for (const folder of Object.keys(rules)) {
    const files = sources.filter((file) => isUnder(file, folder));
    assert.ok(files.length > 0, `${folder} holds no source: its rule matches nothing`);
  }
});

architecture('finds imports in every form', () => {
  const text = `
    import './a.ts';
    import b from './b.ts';
    import { c,
      type C } from './c.ts';
    import type { D } from "./d.ts";
    export * from './e.ts';
    export { f } from './f.ts';
    const g = await import('./g.ts');
    type H = import('./h.ts').H;
    import * as i from 'package/i';
    // import './commented.ts';
    /* import './also-commented.ts'; */
    const words = "it's from 'here'";
  `;
  const expected = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => `./${name}.ts`);
  assert.equal([...importsOf(text)].sort(), [...expected, 'package/i']);
});

architecture('tells what a rule forbids', () => {
  assert.is(verdict('server/protocol/frames.ts', 'valibot'), undefined);
  assert.is(verdict('server/protocol/frames.ts', './entities.ts'), undefined);
  assert.is(verdict('resources/state/room.ts', '../../server/client/connection.ts'), undefined);
  assert.is(verdict('resources/main.ts', '@lit/context'), undefined);
  assert.is(verdict('server/store/sqlite.ts', '../names.ts'), undefined);
  assert.is(verdict('server/http.ts', 'node:http'), undefined);
  assert.ok(verdict('server/protocol/frames.ts', 'node:buffer'));
  assert.ok(verdict('server/protocol/frames.ts', 'lit'));
  assert.ok(verdict('server/protocol/frames.ts', '../client/connection.ts'));
  assert.ok(verdict('server/client/connection.ts', 'fs'));
  assert.ok(verdict('server/store/sqlite.ts', '../hub.ts'));
  assert.ok(verdict('server/store/sqlite.ts', '../names-of-rooms.ts'));
  assert.ok(verdict('server/hub.ts', '../extensions/main.ts'));
  assert.ok(verdict('server/hub.ts', 'lit/decorators.js'));
  assert.ok(verdict('resources/main.ts', '../server/host.ts'));
  assert.ok(verdict('resources/main.ts', 'ws'));
  assert.ok(verdict('extensions/main.ts', '../tests/support/cast.ts'));
  assert.ok(verdict('resources/main.ts', '../package.json'));
});

architecture('lets nobody import whom they may not', () => {
  const wrong = sources.flatMap((file) =>
    [...importsOf(read(file))].flatMap((specifier) => verdict(file, specifier) ?? []),
  );
  assert.equal(wrong, []);
});

architecture('keeps SQL inside server/store', () => {
  assert.match('SELECT id FROM member', sql);
  assert.match('INSERT OR IGNORE INTO member', sql);
  assert.not.match('Select a member from the list', sql);
  const outside = sources.filter(
    (file) => !isUnder(file, 'server/store') && sql.test(withoutComments(read(file))),
  );
  assert.equal(outside, []);
});

architecture(
  'asks the browser for what a plain HTTP page lacks in one place, and never for its cryptography',
  () => {
    const lacking =
      /\bnavigator\.(clipboard|share|wakeLock|serviceWorker)\b|\bNotification\b|\bisSecureContext\b/;
    const cryptography = /\bcrypto\.(subtle|randomUUID)\b/;
    assert.match('await navigator.clipboard.writeText(text)', lacking);
    assert.match('crypto.randomUUID()', cryptography);
    const page = sources.filter((file) => /^(resources|server\/client|server\/protocol)\//.test(file));
    const asking = (what: RegExp) => page.filter((file) => what.test(withoutComments(read(file))));
    assert.equal(asking(lacking), ['resources/capabilities.ts']);
    assert.equal(asking(cryptography), []);
  },
);

architecture.run();

/** Why a file may not import something; undefined when it may. */
function verdict(file: string, specifier: string): string | undefined {
  const folder = Object.keys(rules).find((name) => isUnder(file, name));
  const rule = folder === undefined ? undefined : rules[folder];
  if (!rule) return `${file} is in no folder that the rules know`;

  const refusal = `${file} may not import ${specifier}`;
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(file), specifier);
    return rule.ours.some((name) => isUnder(target, name)) ? undefined : refusal;
  }
  if (specifier.startsWith('node:') || builtinModules.includes(specifier))
    return rule.node ? undefined : refusal;
  const allowed = rule.packages.includes('*')
    ? !matches(specifier, interfacePackages)
    : matches(specifier, rule.packages);
  return allowed ? undefined : refusal;
}

/** Whether a path is this folder's or this module's. */
function isUnder(path: string, name: string): boolean {
  return path.startsWith(`${name}/`) || path === `${name}.ts`;
}

/** Whether a specifier leads into one of these packages; `@lit/*` means every package of that owner. */
function matches(specifier: string, packages: readonly string[]): boolean {
  return packages.some((name) =>
    name.endsWith('/*')
      ? specifier.startsWith(name.slice(0, -1))
      : specifier === name || specifier.startsWith(`${name}/`),
  );
}

function importsOf(text: string): Set<string> {
  const code = withoutComments(text);
  const forms = [
    /(?:^|[;}\s])(?:import|export)\s[^'"`;()]*?\bfrom\s*(['"])([^'"]+)\1/g,
    /(?:^|[;}\s])import\s*(['"])([^'"]+)\1/g,
    /\b(?:import|require)\s*\(\s*(['"])([^'"]+)\1/g,
  ];
  return new Set(forms.flatMap((form) => [...code.matchAll(form)].map((found) => String(found[2]))));
}

/** Strings are matched first, so that the `//` of an address in one does not begin a comment. */
function withoutComments(text: string): string {
  const pieces = /('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\/\/[^\n]*|\/\*[^]*?\*\//g;
  return text.replace(pieces, (_, literal: string | undefined) => literal ?? ' ');
}

function sourcesUnder(folder: string): string[] {
  if (!existsSync(`${top}${folder}`)) return [];
  return readdirSync(`${top}${folder}`, { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.ts'));
}

function read(file: string): string {
  return readFileSync(`${top}${file}`, 'utf8');
}
