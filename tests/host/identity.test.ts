import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DamagedKey, fingerprintOf, openIdentity } from '../../server/identity.ts';
import { openRoom } from '../support/room.ts';

const YEAR_MS = 365 * 24 * 60 * 60_000;
const identity = suite('A room’s key');

const inFolder = async (work: (directory: string) => Promise<void>) => {
  const directory = mkdtempSync(join(tmpdir(), 'salon-identity-'));
  try {
    await work(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
};

identity('is made once, of EC P-256 with SHA-256, for its owner alone', () =>
  inFolder(async (directory) => {
    const now = Date.now();
    const made = await openIdentity(join(directory, 'room'), now);
    assert.equal(await openIdentity(join(directory, 'room'), now), made);
    const certificate = new X509Certificate(made.certificate);
    assert.is(certificate.publicKey.asymmetricKeyType, 'ec');
    assert.is(certificate.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
    // ecdsa-with-SHA256, 1.2.840.10045.4.3.2
    assert.ok(certificate.raw.includes(Buffer.from('06082a8648ce3d040302', 'hex')));
    assert.ok(certificate.checkPrivateKey(createPrivateKey(made.key)));
    assert.is(made.fingerprint, fingerprintOf(certificate));
    assert.match(made.fingerprint, /^[\w-]{43}$/);
    for (const file of readdirSync(join(directory, 'room')))
      assert.is(statSync(join(directory, 'room', file)).mode & 0o777, 0o600, file);
    assert.is(statSync(join(directory, 'room')).mode & 0o777, 0o700);
  }),
);

identity('stays when its certificate grows old, is lost, or is another’s', () =>
  inFolder(async (directory) => {
    const now = Date.now();
    const { fingerprint, certificate } = await openIdentity(directory, now);
    const renewed = await openIdentity(directory, now + 9 * YEAR_MS);
    assert.is(renewed.fingerprint, fingerprint);
    assert.is.not(renewed.certificate, certificate);
    assert.ok(Date.parse(new X509Certificate(renewed.certificate).validTo) > now + 15 * YEAR_MS);

    rmSync(join(directory, 'room.crt'));
    assert.is((await openIdentity(directory, now)).fingerprint, fingerprint);

    writeFileSync(join(directory, 'room.crt'), 'no certificate');
    assert.is((await openIdentity(directory, now)).fingerprint, fingerprint);

    await inFolder(async (other) => {
      const stranger = await openIdentity(other, now);
      writeFileSync(join(directory, 'room.crt'), stranger.certificate);
      assert.is((await openIdentity(directory, now)).fingerprint, fingerprint);
    });
  }),
);

identity('that cannot be read, or is gone, is not replaced: another key would be another room', () =>
  inFolder(async (directory) => {
    const now = Date.now();
    await openIdentity(directory, now);
    const path = join(directory, 'room.key');
    const whole = readFileSync(path);
    rmSync(path);
    let missing: unknown;
    await openIdentity(directory, now).catch((error: unknown) => (missing = error));
    assert.instance(missing, DamagedKey);
    writeFileSync(path, whole);
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, 60));
    chmodSync(path, 0o600);
    const before = readFileSync(path, 'utf8');
    let refused: unknown;
    await openIdentity(directory, now).catch((error: unknown) => (refused = error));
    assert.instance(refused, DamagedKey);
    assert.is(readFileSync(path, 'utf8'), before);
  }),
);

identity('is told to its owner as browsers show the certificate', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  const { certificate } = await ada.caller.ask('room.addresses', {});
  const shown = await new Promise<string>((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: room.host.port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
  });
  assert.is(Buffer.from(certificate, 'base64url').toString('hex').toUpperCase(), shown.replaceAll(':', ''));
  await room.close();
});

identity('travels with the room’s folder: opened elsewhere it is the same room', async () => {
  const first = await openRoom();
  const { fingerprint } = first.host;
  await first.restart({ port: 0 });
  assert.is(first.host.fingerprint, fingerprint);
  const second = await openRoom();
  assert.is.not(second.host.fingerprint, fingerprint);
  await first.close();
  await second.close();
});

identity.run();
