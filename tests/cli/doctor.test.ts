// time limit: 240 s
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { sha256 } from '@noble/hashes/sha2.js';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import { systemClock } from '../../server/clock.ts';
import { examine } from '../../server/doctor.ts';
import { openIdentity } from '../../server/identity.ts';
import { Nearby } from '../../server/nearby.ts';
import { fromBase64url, toBase64url } from '../../server/protocol/base64url.ts';
import { DIAGNOSES, Report } from '../../server/protocol/diagnosis.ts';
import { findJoin, readJoinCode, salonLink, writeJoinCode } from '../../server/protocol/invite.ts';
import { reportText } from '../../server/protocol/report-text.ts';
import { holdKey } from '../extensions/key-holder.ts';
import { Network, noNamespaces, type Computer } from '../support/namespaces.ts';
import { program, scratch, start, startHost } from '../support/processes.ts';
import { openRoom, signUpInput, type TestRoom } from '../support/room.ts';

const doctor = suite('npm run doctor');

// These tests leave the network of this computer alone.
process.env['SALON_NO_MULTICAST'] = '1';

const why = noNamespaces();
if (why !== null) process.stderr.write(`npm run doctor: not tested between computers, because ${why}.\n`);
const between = why === null ? doctor : doctor.skip;

/** What the program says, and its exit status. */
async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}, namespace?: string) {
  const running = start(program('doctor'), args, { LC_ALL: 'C', ...env }, namespace);
  let said = '';
  running.child.stdout?.on('data', (data: Buffer) => (said += data.toString()));
  const { code } = await running.ended;
  return { code, said, errors: running.errors() };
}

async function diagnosisOf(typed: string, now = Date.now): Promise<Report> {
  const found = findJoin(typed);
  const data = { directory: await scratch(), place: 'named' } as const;
  const report = await examine({ found, data, nearby: new Nearby(), hosting: null, now });
  return v.parse(Report, report);
}

async function codeOf(typed: string): Promise<string | undefined> {
  return (await diagnosisOf(typed)).diagnosis?.code;
}

doctor('explains itself in the reader’s language', async () => {
  const [english, french] = await Promise.all([
    run(['--help']),
    run(['--help'], { LC_ALL: '', LANG: 'fr_FR.UTF-8' }),
  ]);
  assert.equal([english.code, french.code], [0, 0]);
  assert.match(english.said, 'what stands between this computer and a room');
  assert.match(french.said, 'ce qui sépare cet ordinateur d’un salon');
  for (const flag of ['--data', '--json', '--help'])
    assert.ok(english.said.includes(flag) && french.said.includes(flag));
});

doctor('is one word of one command with the host', async () => {
  const salon = fileURLToPath(new URL('../../scripts/salon.mjs', import.meta.url));
  for (const [word, expected] of [
    ['doctor', 'what stands between this computer and a room'],
    ['host', 'hosts a room without a window'],
  ] as const) {
    const running = start(salon, [word, '--help'], { LC_ALL: 'C' });
    assert.match(await running.first, expected);
    assert.is((await running.ended).code, 0);
  }
});

doctor('refuses what it does not understand in one sentence, with exit status 2', async () => {
  for (const args of [['--color'], ['what is this'], ['1.2.3.4.5'], ['--data']]) {
    const { code, said, errors } = await run(args);
    assert.equal([code, said], [2, ''], args.join(' '));
    assert.is(errors.trim().split('\n').length, 1, errors);
  }
});

doctor('with nothing to reach examines this computer, and leaves nothing behind', async () => {
  const directory = `${await scratch()}/not/there`;
  const { code, said } = await run(['--json', '--data', directory]);
  const report = v.parse(Report, JSON.parse(said));
  assert.is(code, report.diagnosis === null ? 0 : 1);
  assert.ok(report.dataWritable);
  assert.ok((report.freeDiskBytes ?? 0) > 0);
  assert.is(report.hosting, null);
  assert.match(report.system, /^linux |^darwin |^win32 /);
  const nowhere = await run(['--json', '--data', '/proc/salon']);
  assert.is((JSON.parse(nowhere.said) as Report).dataWritable, false);
});

doctor('tells a room that answers from one that is shut, in words and by its exit status', async () => {
  const host = await startHost(await scratch());
  const fine = await run([`127.0.0.1:${host.port}`]);
  assert.is(fine.code, 0, fine.said);
  assert.match(fine.said, '[fine]');
  await host.stop();
  const shut = await run([`127.0.0.1:${host.port}`], { LC_ALL: 'fr_FR.UTF-8' });
  assert.is(shut.code, 1);
  assert.match(shut.said, '[refused]');
  assert.match(shut.said, 'Demandez à l’hôte d’ouvrir le salon');
});

doctor('tells other programs from rooms', async () => {
  const { key, certificate } = await openIdentity(await scratch(), Date.now());
  const servers: Server[] = [
    createServer((socket) => socket.end('220 mail ready\r\n')),
    createHttpServer((_request, response) => response.end('hello')),
    createTlsServer({ key, cert: certificate }, (socket) => socket.end('hello')),
    createServer(() => undefined),
    createServer((socket) => socket.destroy()),
  ];
  const sockets = new Set<Socket>();
  await Promise.all(
    servers.map(async (server) => {
      server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const { diagnosis } = await diagnosisOf(`127.0.0.1:${port}`);
      assert.equal([diagnosis?.code, diagnosis?.address], ['notSalon', `127.0.0.1:${port}`]);
    }),
  );
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
});

doctor('knows a name that nobody has, another version, and another key', async () => {
  assert.is(await codeOf('no-such-computer.invalid'), 'unknownName');
  const newer = await holdKey({ status: 426 });
  assert.is(await codeOf(newer.address), 'version');
  await newer.close();

  const [room, impostor] = [await withOwner(), await holdKey()];
  const code = readJoinCode(
    (await room.host.makeInvite({ role: 'member', expiresInMs: null, uses: null })).code,
  );
  const [host = '', port] = impostor.address.split(':');
  const elsewhere = writeJoinCode({ ...code, addresses: [{ host, port: Number(port) }] });
  const { diagnosis } = await diagnosisOf(elsewhere);
  assert.equal([diagnosis?.code, diagnosis?.foundFingerprint], ['wrongKey', impostor.fingerprint]);
  await impostor.close();
  await room.close();
});

doctor('knows a full room, and one with too many connections from here', async () => {
  const limits = { perAddress: 1_000, connectionsPerAddress: 1_000, members: 1 };
  const full = await openRoom({ limits });
  await full.join('ada');
  assert.is(await codeOf(full.address), 'full');
  await full.close();

  const crowded = await openRoom({ limits: { ...limits, members: 10, perAddress: 1 } });
  await crowded.knock();
  assert.is(await codeOf(crowded.address), 'tooMany');
  await crowded.close();
});

doctor('knows what has become of a join code', async () => {
  let ahead = 0;
  const room = await withOwner({ clock: { ...systemClock, now: () => Date.now() + ahead } });
  const invite = (wish: { expiresInMs?: number; uses?: number } = {}) =>
    room.host.makeInvite({ role: 'member', expiresInMs: null, uses: null, ...wish });

  const good = await invite();
  assert.is(await codeOf(salonLink(good.code)), 'fine');
  assert.is(await codeOf(`${room.address} ${good.spoken}`), 'fine');
  assert.is(
    await codeOf(
      good.code.replace(/^(.{40})(.)/, (_all, start_, letter) => `${start_}${letter === 'A' ? 'B' : 'A'}`),
    ),
    'codeDamaged',
  );
  assert.is(await codeOf(newerThan(good.code)), 'codeNewer');

  const once = await invite({ uses: 1 });
  const { id, secret } = readJoinCode(once.code);
  const guest = await room.knock();
  await guest.ask('account.signUp', {
    ...(await signUpInput('grace', 'A'.repeat(20))),
    invite: { id, secret },
  });
  assert.is(await codeOf(once.code), 'codeUsed');

  const revoked = await invite();
  const { owner } = room;
  await owner.caller.ask('invite.revoke', { id: revoked.id });
  assert.is(await codeOf(revoked.code), 'codeRevoked');

  const short = await invite({ expiresInMs: 60_000 });
  ahead = 2 * 60_000;
  // Two minutes are not enough to blame the clocks.
  assert.is(await codeOf(short.code), 'codeExpired');
  ahead = 20 * 60_000;
  const later = await diagnosisOf(short.code);
  assert.equal([later.diagnosis?.code, later.diagnosis?.detail], ['clock', '20']);
  assert.ok(Math.abs((later.clockAheadMs ?? 0) - ahead) < 2_000);

  const unknown = toBase64url(new Uint8Array(16));
  assert.is(await codeOf(writeJoinCode({ ...readJoinCode(good.code), secret: unknown })), 'codeUnknown');
  await room.close();
});

doctor('knows a room by invitation, and the owner’s own code', async () => {
  const room = await openRoom({ access: 'invited' });
  assert.is(await codeOf(room.address), 'inviteNeeded');
  const code = room.host.ownerJoinCode() ?? '';
  assert.is(await codeOf(code), 'fine');
  await room.join('ada');
  assert.is(await codeOf(code), 'codeUsed');
  await room.close();
});

between('knows a computer that is off, a firewall, another network, and none at all', async () => {
  const net = Network.make('10.73.0.1', '10.73.0.2');
  const [host, here] = net.computers as [Computer, Computer];
  const directory = await scratch();
  delete process.env['SALON_NO_MULTICAST'];
  const announcing = startHost(directory, ['--everywhere', '--announce'], host.name);
  process.env['SALON_NO_MULTICAST'] = '1';
  const kitchen = await announcing;
  const ask = async (typed: string) => {
    const { code, said } = await run(['--json', typed], {}, here.name);
    const report = v.parse(Report, JSON.parse(said));
    assert.is(code, report.diagnosis?.code === 'fine' ? 0 : 1);
    return report;
  };
  const { diagnosis, multicast, nearby } = await ask(`10.73.0.1:${kitchen.port}`);
  assert.equal([diagnosis?.code, multicast, nearby], ['fine', 'silent', 0], 'multicast is off by a setting');
  const loud = JSON.parse((await run(['--json'], { SALON_NO_MULTICAST: '' }, here.name)).said) as Report;
  assert.equal([loud.multicast, loud.nearby], ['ok', 1]);

  assert.is((await ask('10.73.0.99')).diagnosis?.code, 'silent');
  assert.is((await ask('192.168.55.1')).diagnosis?.code, 'wrongNetwork');
  host.drop(`tcp dport ${kitchen.port}`);
  const swallowed = await ask(`10.73.0.1:${kitchen.port}`);
  assert.equal(
    [swallowed.diagnosis?.code, swallowed.diagnosis?.address],
    ['silent', `10.73.0.1:${kitchen.port}`],
  );
  host.dropNothing();
  host.drop('udp dport 5353');
  here.drop('udp dport 5353');
  const deaf = JSON.parse((await run(['--json'], { SALON_NO_MULTICAST: '' }, here.name)).said) as Report;
  assert.equal([deaf.multicast, deaf.nearby], ['silent', 0]);
  here.unplug();
  const alone = await ask(`10.73.0.1:${kitchen.port}`);
  assert.equal([alone.diagnosis?.code, alone.multicast], ['noNetwork', 'noNetwork']);
  assert.is((await run([], {}, here.name)).code, 1, 'that is worth a word without any target');
  await kitchen.stop();
  net.close();
});

doctor('knows that the owner does not let somebody in, and a room that is just closing', async () => {
  for (const [refusal, code] of [
    ['BANNED', 'banned'],
    ['CLOSING', 'refused'],
  ] as const) {
    const room = await holdKey({ refusal });
    assert.is(await codeOf(room.address), code);
    await room.close();
  }
});

doctor('what is handed on holds nothing private', () => {
  const canary = 'CANARY';
  const card = `${canary} VPN of Anna`;
  const trial = { found: 'silent', ms: 5_000 } as const;
  const report: Report = {
    at: Date.UTC(2026, 10, 23),
    version: '0.1.0',
    system: 'linux x64, Node 20.20.2',
    addresses: [
      { address: '192.168.7.31', card, kind: 'wifi', loopback: false },
      { address: 'fd12:3456:789a::beef', card, kind: 'vpn', loopback: false },
      { address: '127.0.0.1', card, kind: 'loopback', loopback: true },
    ],
    multicast: 'silent',
    nearby: 3,
    dataFolder: `/home/${canary}/Salon`,
    dataPlace: 'programReadOnly',
    dataWritable: true,
    freeDiskBytes: 5e9,
    hosting: {
      port: 4870,
      knocks: 2,
      reached: [{ address: '192.168.7.31:4870', found: 'fine', ms: 2 }],
    },
    clockAheadMs: 120_000,
    diagnosis: {
      code: 'silent',
      address: `${canary}.local:4870`,
      detail: '',
      foundFingerprint: canary.repeat(7),
      trials: [
        { address: `${canary}.local:4870`, ...trial },
        { address: '192.168.7.99:4870', ...trial },
        { address: '[fd12:3456:789a::cafe]:4870', ...trial },
        { address: `not ${canary} an address`, ...trial },
      ],
    },
  };
  for (const code of Object.keys(DIAGNOSES) as (keyof typeof DIAGNOSES)[]) {
    for (const language of ['en', 'fr'] as const) {
      const text = reportText({ ...report, diagnosis: { ...report.diagnosis!, code } }, language);
      assert.not.match(text, new RegExp(canary, 'i'));
      for (const secret of ['7.31', '7.99', '789a', 'beef', 'cafe', 'Anna'])
        assert.not.ok(text.includes(secret), secret);
      assert.match(text, '192.168.*.*');
      assert.match(text, 'fd12:3456:*');
      assert.match(text, `[${code}]`);
    }
  }
});

doctor('a report of a real room names neither it, nor anybody, nor where its data is', async () => {
  const data = `${await scratch()}/CanaryFolder`;
  const room = await withOwner({ name: 'CanaryRoom' });
  const code = (await room.host.makeInvite({ role: 'member', expiresInMs: null, uses: null })).code;
  const { said } = await run([salonLink(code), '--data', data]);
  assert.match(said, '[fine]');
  for (const secret of [
    'Canary',
    'ada',
    code,
    room.host.fingerprint,
    room.host.fingerprint.slice(0, 16),
    data,
  ])
    assert.not.ok(said.includes(secret), secret);
  await room.close();
});

async function withOwner(
  options: Parameters<typeof openRoom>[0] = {},
): Promise<TestRoom & { owner: Awaited<ReturnType<TestRoom['join']>> }> {
  const room = await openRoom(options);
  return Object.assign(room, { owner: await room.join('ada') });
}

/** The same code as a later version would write it. */
function newerThan(code: string): string {
  const bytes = fromBase64url(code).slice(0, -4);
  bytes[0] = 2;
  return toBase64url(Uint8Array.from([...bytes, ...sha256(bytes).subarray(0, 4)]));
}

doctor.run();
