import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { userOf } from '../../extensions/other-user.ts';

const owning = suite('Whose a connection is');

/** As Linux writes them, on a computer whose bytes are backwards. */
const V4 = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1306 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 5290217 1 0000000068a8647f 100 0 0 10 0
   1: 0100007F:1306 0100007F:B5C2 01 00000000:00000000 00:00000000 00000000  1000        0 5290218 1 0000000068a8647f 20 4 30 10 -1
   2: 0100007F:B5C2 0100007F:1306 01 00000000:00000000 00:00000000 00000000  1001        0 5290219 1 0000000068a8647f 20 4 30 10 -1
   3: 0200007F:B5C2 0100007F:1306 01 00000000:00000000 02:000A1B2C 00000000  1002        0 5290220 2 0000000068a8647f 20 4 30 10 -1
`;
const V6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0000000000000000FFFF00000100007F:C001 0000000000000000FFFF00000100007F:1306 01 00000000:00000000 00:00000000 00000000  1003        0 5290221 1 0000000068a8647f 20 4 30 10 -1
`;
const DOOR = ['127.0.0.1', 0x1306] as const;

owning('is read for the very end that is meant', () => {
  assert.is(userOf(V4, ['127.0.0.1', 0xb5c2], DOOR), 1001);
  assert.is(userOf(V4, ['127.0.0.2', 0xb5c2], DOOR), 1002, 'the same port of another address');
  assert.is(userOf(V4 + V6, ['127.0.0.1', 0xc001], DOOR), 1003, 'through a socket of version 6');
  assert.is(userOf(V4, ['::ffff:127.0.0.1', 0xb5c2], DOOR), 1001);
  assert.is(userOf(V4, ['127.0.0.1', 0xb5c3], DOOR), null);
  assert.is(userOf('', ['127.0.0.1', 0xb5c2], DOOR), null);
});

owning.run();
