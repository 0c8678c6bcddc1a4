import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import { generate } from 'selfsigned';
import { WebSocketServer, type WebSocket } from 'ws';

/**
 * What the host is measured against, without a protocol, a check or a disk: `raw` copies the bytes of each turn to
 * everybody in one write, `ws` sends each message to everybody, `echo` back to whoever sent it.
 */

interface Call {
  id: number;
  args: [kind: 'raw' | 'ws' | 'echo', tls: boolean];
}

process.on('message', ({ id, args: [kind, tls] }: Call) => {
  void (async () => {
    const server = kind === 'raw' ? await raw(tls) : await ws(tls, kind === 'echo');
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      process.send?.({ id, value: address !== null && typeof address === 'object' ? address.port : 0 });
    });
  })();
});
process.on('disconnect', () => process.exit(0));

async function raw(tls: boolean): Promise<Server> {
  const everybody = new Set<Socket>();
  let turn: Buffer[] = [];
  const flush = () => {
    const bytes = Buffer.concat(turn);
    turn = [];
    for (const socket of everybody) socket.write(bytes);
  };
  const arrived = (socket: Socket) => {
    everybody.add(socket);
    socket.setNoDelay(true);
    socket.on('data', (data: Buffer) => {
      if (turn.push(data) === 1) setImmediate(flush);
    });
    socket.on('close', () => everybody.delete(socket));
    socket.on('error', () => undefined);
  };
  return tls ? createSecureServer(await certificate(), arrived) : createServer(arrived);
}

async function ws(tls: boolean, echo: boolean): Promise<Server> {
  const server = tls ? createHttps(await certificate()) : createHttp();
  const everybody = new Set<WebSocket>();
  new WebSocketServer({ server, perMessageDeflate: false, clientTracking: false }).on(
    'connection',
    (socket) => {
      everybody.add(socket);
      socket.on('message', (data: Buffer) => {
        for (const each of echo ? [socket] : everybody) each.send(data, { binary: false });
      });
      socket.on('close', () => everybody.delete(socket));
      socket.on('error', () => undefined);
    },
  );
  return server;
}

async function certificate() {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'reference' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
  });
  return { key, cert, minVersion: 'TLSv1.3' } as const;
}
