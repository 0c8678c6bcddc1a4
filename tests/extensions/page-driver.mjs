// Stands in for a page on another computer, that is, in another network namespace, where the test cannot reach the
// extension's door itself: lines on standard input are sent, what is heard is printed.
//
//   node page-driver.mjs URL SUBPROTOCOL …
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';

const [url = '', ...protocols] = process.argv.slice(2);
const { host, origin } = new URL(url);
const socket = new WebSocket(`ws://${host}/`, protocols, { origin });
socket.on('open', () => process.stdout.write('open\n'));
socket.on('message', (data) => process.stdout.write(`${/** @type {Buffer} */ (data).toString()}\n`));
socket.on('close', () => process.exit(0));
socket.on('error', () => process.exit(1));
createInterface({ input: process.stdin })
  .on('line', (line) => socket.send(line))
  .on('close', () => socket.close());
