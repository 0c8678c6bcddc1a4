import { Duplex } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { frameOf, frameText, Outgoing, Turn } from '../../server/outgoing.ts';

/** The other end of a connection: everything it was sent, in the writes in which it came. */
class Far extends Duplex {
  readonly writes: string[] = [];
  /** Takes nothing more until `readOn`. */
  stuck = false;
  #done: () => void = () => undefined;

  override _write(data: Buffer, _encoding: string, done: () => void): void {
    this.writes.push(data.toString());
    if (this.stuck) this.#done = done;
    else done();
  }

  override _read(): void {
    // It says nothing.
  }

  async readOn(): Promise<void> {
    this.stuck = false;
    this.#done();
    while (this.writableLength > 0) await turned();
  }

  get text(): string {
    return this.writes.join('');
  }
}

function member(turn: Turn): { far: Far; outgoing: Outgoing } {
  const far = new Far();
  return { far, outgoing: new Outgoing(far, turn) };
}

const frame = (text: string) => Buffer.from(text);
const turned = () => new Promise((resolve) => setImmediate(resolve));

const turns = suite('What goes out in one turn');

turns('keeps the parts of a frame together, and does not copy a long one', async () => {
  const turn = new Turn();
  const { far, outgoing } = member(turn);
  outgoing.listen();
  const long = 'x'.repeat(100_000);
  turn.broadcast(frame('1'));
  for (const part of frameOf([frame('{'), frame(long), frame('}')])) outgoing.send(part);
  turn.broadcast(frame('2'));
  await turned();
  assert.is(far.text, `1${frameText(`{${long}}`).toString()}2`);
  assert.is(far.writes[1], long);
});

turns('is one write for each member, in the order in which it was said', async () => {
  const turn = new Turn();
  const [ada, grace] = [member(turn), member(turn)];
  for (const { outgoing } of [ada, grace]) outgoing.listen();
  turn.broadcast(frame('1'));
  ada.outgoing.send(frame('a'));
  turn.broadcast(frame('2'));
  ada.outgoing.send(frame('b'));
  ada.outgoing.offer(frame('c'));
  assert.equal([ada.far.writes, grace.far.writes], [[], []]);
  await turned();
  assert.equal([ada.far.writes, grace.far.writes], [['1a2bc'], ['12']]);
  turn.broadcast(frame('3'));
  await turned();
  assert.equal([ada.far.text, grace.far.text], ['1a2bc3', '123']);
});

turns('goes first to whoever has an answer in it, however late they came', async () => {
  const turn = new Turn();
  const order: string[] = [];
  const people = ['ada', 'grace', 'alan'].map((name) => {
    const { far, outgoing } = member(turn);
    far._write = (_data, _encoding, done) => {
      order.push(name);
      done();
    };
    outgoing.listen();
    return outgoing;
  });
  turn.broadcast(frame('1'));
  people.at(-1)?.send(frame('a'));
  await turned();
  assert.equal(order, ['alan', 'ada', 'grace']);
});

turns('leaves out whoever it is about, and nothing else of theirs', async () => {
  const turn = new Turn();
  const [ada, grace] = [member(turn), member(turn)];
  for (const { outgoing } of [ada, grace]) outgoing.listen();
  turn.broadcast(frame('1'));
  turn.broadcast(frame('2'), ada.outgoing);
  ada.outgoing.send(frame('a'));
  turn.broadcast(frame('3'));
  await turned();
  assert.equal([ada.far.text, grace.far.text], ['1a3', '123']);
});

turns('is heard from the moment somebody comes in until they leave', async () => {
  const turn = new Turn();
  const { far, outgoing } = member(turn);
  turn.broadcast(frame('before'));
  outgoing.listen();
  turn.broadcast(frame('1'));
  outgoing.send(frame('a'));
  outgoing.ignore();
  turn.broadcast(frame('after'));
  outgoing.send(frame('b'));
  await turned();
  assert.is(far.text, '1ab');
  outgoing.listen();
  turn.broadcast(frame('2'));
  await turned();
  assert.is(far.text, '1ab2');
});

turns('ends with what was said before the connection was closed', async () => {
  const turn = new Turn();
  const { far, outgoing } = member(turn);
  outgoing.listen();
  turn.broadcast(frame('1'));
  outgoing.send(frame('goodbye'));
  outgoing.flush();
  outgoing.finish();
  turn.broadcast(frame('2'));
  outgoing.send(frame('3'));
  await turned();
  assert.is(far.text, '1goodbye');
});

turns('is left out for whoever is behind, who is told of it later, and answers are not', async () => {
  const turn = new Turn();
  const { far, outgoing } = member(turn);
  outgoing.listen();
  far.stuck = true;
  const much = Buffer.alloc(400_000, 'x');
  // However much is said in one turn, nobody is left further behind than that and one frame.
  for (let said = 0; said < 20; said += 1) turn.broadcast(much);
  outgoing.send(frame('answer'));
  await turned();
  assert.ok(outgoing.unread > 1_000_000, `${outgoing.unread}`);
  assert.ok(outgoing.unread < 1_600_000, `${outgoing.unread}`);
  assert.not(outgoing.takeMissed());
  await far.readOn();
  assert.ok(far.text.endsWith('answer'));
  assert.ok(outgoing.takeMissed());
  assert.not(outgoing.takeMissed());
  turn.broadcast(frame('next'));
  await turned();
  assert.ok(far.text.endsWith('answernext'));
});

turns.run();
