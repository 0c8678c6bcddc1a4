import { createHash } from 'node:crypto';
import { pins } from './pins.mjs';

/**
 * What is in an archive, in CycloneDX's format: for whoever wants to know whether an advisory concerns it.
 *
 * @param {object} packed
 * @param {string} packed.version
 * @param {import('./targets.mjs').Target} packed.target
 * @param {readonly import('./licences.mjs').Ingredient[]} packed.ingredients
 * @param {Buffer | undefined} packed.shell as it was before the interface was put into it
 */
export function sbom({ version, target, ingredients, shell }) {
  const libraries = ingredients.map(({ name, version, licence, integrity }) => ({
    type: 'library',
    name,
    version,
    purl: purl(name, version),
    'bom-ref': purl(name, version),
    licenses: [{ license: { id: licence } }],
    ...(integrity === undefined ? {} : { hashes: [hashOf(integrity)] }),
  }));
  const node = purl(target.node, pins.node.version);
  const platform = {
    type: 'platform',
    name: target.node,
    version: pins.node.version,
    description: 'Node.js, unmodified',
    purl: node,
    'bom-ref': node,
    licenses: [{ license: { id: 'MIT' } }],
    hashes: [hashOf(String(pins.node.integrity[target.node]))],
  };
  const window = `pkg:github/neutralinojs/neutralinojs@v${pins.neutralino.version}`;
  const shells = shell && {
    type: 'application',
    name: target.shell,
    version: pins.neutralino.version,
    purl: window,
    'bom-ref': window,
    licenses: [{ license: { id: 'MIT' } }],
    hashes: [{ alg: 'SHA-256', content: createHash('sha256').update(shell).digest('hex') }],
  };
  const components = [...libraries, platform, ...(shells ? [shells] : [])];
  const salon = `pkg:generic/salon@${version}`;
  const document = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify([target.name, components]))}`,
    version: 1,
    metadata: {
      component: {
        type: 'application',
        name: 'salon',
        version,
        purl: salon,
        'bom-ref': salon,
        licenses: [{ license: { id: 'MIT' } }],
      },
    },
    components,
    dependencies: [{ ref: salon, dependsOn: components.map((component) => component['bom-ref']) }],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/**
 * @param {string} name
 * @param {string} version
 */
function purl(name, version) {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** @param {string} integrity as npm writes it */
function hashOf(integrity) {
  const [, algorithm = '', digest = ''] = /^(sha512|sha1)-(.+)$/.exec(integrity) ?? [];
  return {
    alg: algorithm === 'sha512' ? 'SHA-512' : 'SHA-1',
    content: Buffer.from(digest, 'base64').toString('hex'),
  };
}

/**
 * The same document has the same number, wherever it was made.
 * @param {string} text
 */
function uuidOf(text) {
  const digest = createHash('sha256').update(text).digest();
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x80, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = digest.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
