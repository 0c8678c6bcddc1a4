import { mock } from 'node:test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { watchWaking } from '../../resources/waking.ts';

const waking = suite('Waking up');

waking(
  'is noticed by the time that is missing, or by a network that is back, and a slow tick is no sleep',
  () => {
    const window = new EventTarget();
    const { addEventListener } = globalThis;
    globalThis.addEventListener = window.addEventListener.bind(window);
    mock.timers.enable({ apis: ['setInterval'] });
    try {
      let clock = 1_000_000;
      let woke = 0;
      const pass = (ms: number) => {
        clock += ms;
        mock.timers.tick(1_000);
      };
      watchWaking(
        () => (woke += 1),
        () => clock,
      );
      for (let i = 0; i < 60; i++) pass(1_000);
      pass(4_000);
      assert.is(woke, 0);
      pass(3_600_000);
      assert.is(woke, 1);
      pass(1_000);
      assert.is(woke, 1);
      window.dispatchEvent(new Event('online'));
      assert.is(woke, 2);
    } finally {
      mock.timers.reset();
      globalThis.addEventListener = addEventListener;
    }
  },
);

waking.run();
