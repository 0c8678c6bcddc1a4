import scrypt from 'scrypt-js';
import { ulid } from 'ulid';
import { Connection, type RoomSocket } from '../server/client/connection.ts';
import { prove } from '../server/client/signing-in.ts';
import { dial } from '../server/dial.ts';
import { PROTOCOL_VERSION } from '../server/protocol/entities.ts';

// A bot on Salon's own client: tells the time to whoever writes "!time".
//   node --import tsx docs/bot.ts 127.0.0.1:4870 FINGERPRINT USERNAME PASSWORD
const [address = '', fingerprint = '', username = '', secret = ''] = process.argv.slice(2);
const { socket, binding } = await dial(address, { fingerprint });

const bot = new Connection(socket as unknown as RoomSocket, {
  opened: () => undefined,
  event: (event) => {
    if (event.type !== 'message.posted' || event.body !== '!time') return;
    const body = `It is ${new Date().toLocaleTimeString()}.`;
    void bot.ask('message.post', { id: ulid(), conversationId: event.conversationId, body });
  },
  signal: () => undefined,
  goodbye: (reason) => process.stdout.write(`The room says goodbye: ${reason}.\n`),
  closed: (code) => process.exit(code === 1000 || code === 1001 ? 0 : 1),
});

await bot.ask('hello', { protocol: PROTOCOL_VERSION, language: 'en', client: 'example bot' });
await prove(
  bot,
  { purpose: 'signIn', username, secret, device: 'bot' },
  (password, salt, { log2N, r, p }) => scrypt.scrypt(password, salt, 2 ** log2N, r, p, 32),
  Buffer.from(binding, 'base64url'),
);
const { room } = await bot.ask('room.enter', {});
process.stdout.write(`In ${room.name}.\n`);
