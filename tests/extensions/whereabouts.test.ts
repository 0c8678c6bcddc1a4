import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { systemClock } from '../../server/clock.ts';
import type { CardAddress } from '../../server/protocol/entities.ts';
import { Whereabouts } from '../../server/whereabouts.ts';

const whereabouts = suite('Where a room says that it is');

const card = (address: string, kind: CardAddress['kind']): CardAddress => ({
  address,
  card: 'x0',
  kind,
  loopback: kind === 'loopback',
});

function told(cards: CardAddress[], reached: string[] = []): string[] {
  const places = new Whereabouts({
    ...{ clock: systemClock, only: undefined, port: () => 4870, cards: () => cards },
    changed: () => undefined,
  });
  for (const address of reached) places.reachedBy(address);
  places.close();
  return places.addresses().map(({ host }) => host);
}

whereabouts('is not what other computers have for themselves as well', () => {
  const virtual = [card('172.17.0.1', 'virtual'), card('192.168.99.1', 'virtual')];
  const inside = card('127.0.0.1', 'loopback');
  for (const kind of ['ethernet', 'wifi', 'other', 'vpn'] as const) {
    assert.equal(told([card('10.0.0.4', kind), ...virtual, inside], ['172.17.0.1', '10.0.0.9']), [
      '10.0.0.4',
      '10.0.0.9',
    ]);
  }
  assert.equal(told([...virtual, inside]), ['172.17.0.1', '192.168.99.1'], 'unless there is nothing else');
});

whereabouts.run();
