// time limit: 180 s
// long time limit: 1800 s
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ulid } from 'ulid';
import { COMMANDS, type CommandName } from '../../server/protocol/commands.ts';
import { isRefusalCode } from '../../server/protocol/errors.ts';
import { check } from '../../server/protocol/frames.ts';
import { inputsOf } from '../fuzz/grammar.ts';
import { HandClock } from '../host/hand-clock.ts';
import { Wire, type Heard } from '../host/wire.ts';
import { openRoom, signUpInput } from '../support/room.ts';
import { effort, report, seed } from './trial.ts';

/** At one time on one connection: no allowance is narrower. */
const ABREAST = 5;
const WHO = ['owner', 'member', 'guest', 'door'] as const;
type Who = (typeof WHO)[number];
/** Each of them is there so often, and asks at the same time. */
const TIMES = 3;

interface Asked {
  command: CommandName;
  input: unknown;
}

/** There are such refusals, but nothing that is asked may lead to them. */
const UNEXPECTED: ReadonlySet<string> = new Set(['INTERNAL', 'STORAGE']);

const fuzzing = suite('Every command');

fuzzing('made from its own schema, right or wrong in one field, is answered as the table says', async () => {
  const clock = new HandClock();
  const log: string[] = [];
  const room = await openRoom({ clock, guestsForMs: 7 * 24 * 3_600_000, log: (line) => log.push(line) });
  const [owner, member] = [await room.join('ada'), await room.join('grace')];
  const told = await owner.tell(ulid(), [member.memberId], 'between us');
  const ids = [owner.lobby, told.conversationId, owner.memberId, member.memberId, owner.sessionId, ulid()];

  const tokens = new Map<Who, string>([
    ['owner', owner.token],
    ['member', member.token],
  ]);
  /** A connection of somebody who is in that way now, whatever has become of those before. */
  async function connected(who: Who): Promise<Wire> {
    clock.skip(60_000);
    const wire = await Wire.greet(room.address);
    if (who === 'door') return wire;
    const resumed = await wire.ask('session.resume', { token: tokens.get(who) ?? 'A'.repeat(43) });
    if (resumed.t !== 'answer') {
      if (who === 'guest') await opened();
      const name = `n${ulid().slice(-10)}`.toLowerCase();
      const { result } =
        who === 'guest'
          ? await wire.ask('guest.enter', { name, device: '' })
          : await wire.ask('account.signUp', await signUpInput(name, '0'.repeat(25)));
      tokens.set(who, String(result?.['token']));
    }
    await wire.ask('room.enter', {});
    return wire;
  }
  const opened = async () => {
    const wire = await Wire.greet(room.address);
    await wire.ask('session.resume', { token: owner.token });
    await wire.ask('room.change', { access: 'open', door: 'none', guestsForMs: 7 * 24 * 3_600_000 });
    wire.close();
  };

  const lines: { who: Who; wire: Wire }[] = [];
  for (const who of Array.from({ length: TIMES }, () => WHO).flat())
    lines.push({ who, wire: await connected(who) });
  const outcomes: Record<string, number> = {};
  const arbitraries = Object.entries(COMMANDS).map(([command, { input }]) => ({
    // What comes after one of those is asked by somebody who may nothing.
    weight: ENDS_IT.has(command as CommandName) ? 1 : 10,
    arbitrary: fc.record<Asked>({
      command: fc.constant(command as CommandName),
      input: inputsOf(input, ids),
    }),
  }));
  const asks = fc.array(fc.oneof(...arbitraries), { minLength: ABREAST, maxLength: ABREAST });
  let asked = 0;
  async function askOn(wire: Wire, who: Who, each: readonly Asked[]): Promise<void> {
    wire.heard.length = 0;
    // The owner stays in the room, and the room with its owner.
    const harmless = each.filter(({ command }) => who !== 'owner' || !ENDS_IT.has(command));
    const answers = await answersTo(wire, harmless);
    for (const answer of answers) {
      const { command = 'hello', input } = harmless[(answer.id ?? -1) - 1_000] ?? {};
      asked += 1;
      outcomes[answer.code ?? 'answered'] = (outcomes[answer.code ?? 'answered'] ?? 0) + 1;
      const what = () =>
        `${command} ${JSON.stringify(input)} by ${who}: ${JSON.stringify(answer).slice(0, 300)}`;
      if (answer.t === 'answer') check(COMMANDS[command].result, answer.result);
      else if (!isRefusalCode(answer.code ?? '') || UNEXPECTED.has(answer.code ?? ''))
        assert.unreachable(what());
    }
    assert.ok(
      [null, 4003, 4004, 4010].includes(wire.closedWith),
      `${wire.closedWith}: ${JSON.stringify(harmless)}`,
    );
    // Whoever it is now, it is somebody else.
    if (harmless.some(({ command }) => ENDS_IT.has(command))) wire.close();
  }
  const everybodys = fc.array(asks, { minLength: lines.length, maxLength: lines.length });
  const property = fc.asyncProperty(everybodys, async (byLine) => {
    clock.skip(60_000);
    for (const line of lines) {
      const { closedWith, socket } = line.wire;
      if (closedWith !== null || socket.readyState !== socket.OPEN) line.wire = await connected(line.who);
    }
    await Promise.all(lines.map(({ who, wire }, n) => askOn(wire, who, byLine[n] ?? [])));
    assert.not.ok('a' in {});
  });
  await fc.assert(property, { numRuns: effort(14, 5_000), seed, endOnFailure: true });
  assert.equal(log, []);
  assert.ok((await owner.say(ulid(), 'still here')).seq > 0);
  report('commands from their schemas', { asked, ...outcomes });
  for (const { wire } of lines) wire.close();
  await room.close();
});

const ENDS_IT: ReadonlySet<CommandName> = new Set([
  'account.signOut',
  'session.end',
  'session.resume',
  'guest.enter',
  'account.signUp',
]);

/** All of them are under way together. Whoever is sent away by one of them hears no more. */
async function answersTo(wire: Wire, asks: readonly Asked[]): Promise<Heard[]> {
  asks.forEach(({ command, input }, n) => {
    wire.send(JSON.stringify({ t: 'ask', id: 1_000 + n, command, input }));
  });
  // Without its number when its input was no object at all.
  const heard = () => wire.heard.filter(({ t }) => t === 'answer' || t === 'refused');
  await wire.until(() => wire.closedWith !== null || heard().length === asks.length, 'the answers', 30_000);
  return heard();
}

fuzzing.run();
