import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { unionOf } from '../../resources/state/destination.ts';

const destinations = suite('Where a room may be');

destinations('is each address once, and nothing that is none', () => {
  assert.equal(
    unionOf(
      ['10.0.0.1:4870', '', 'what is this', `http://10.0.0.3/${'a'.repeat(300)}`],
      ['[fd00::1]:4870', '10.0.0.1:4870', '10.0.0.2:99999'],
    ),
    ['10.0.0.1:4870', '[fd00::1]:4870'],
  );
});

destinations.run();
