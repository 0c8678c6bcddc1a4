import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Id } from '../../server/protocol/entities.ts';
import { closeDatabase, openDatabase } from '../../server/store/opening.ts';
import type { PostedMessage } from '../../server/store/records.ts';
import type { FromHost } from './host-process.ts';
import { startHost, type Host } from './hosts.ts';
import { message, NOON, openRoom } from './scratch.ts';

const KILLS = 20;
const IN_FLIGHT = 40;

/** A client as they all are: keeps what is not acknowledged, and posts it again after every break. */
class Client {
  readonly acknowledged = new Map<Id, { seq: number; body: string }>();
  readonly #outbox = new Map<Id, PostedMessage>();
  readonly #author: Id;
  readonly #lobby: Id;
  #written = 0;

  constructor(author: Id, lobby: Id) {
    this.#author = author;
    this.#lobby = lobby;
  }

  /** Posts as fast as the host acknowledges. The answer stops it and tells what went wrong. */
  talkTo({ child }: Host): () => string[] {
    const wrong: string[] = [];
    const fill = () => {
      while (this.#outbox.size < IN_FLIGHT) this.#send(child, this.#write());
    };
    const hear = (heard: FromHost) => {
      if (heard.type === 'failed') wrong.push(heard.code);
      if (heard.type !== 'posted') return;
      const before = this.acknowledged.get(heard.id);
      if (before !== undefined && before.seq !== heard.seq) wrong.push(`${heard.id} has two numbers`);
      const body = this.#outbox.get(heard.id)?.body ?? before?.body ?? '';
      this.acknowledged.set(heard.id, { seq: heard.seq, body });
      this.#outbox.delete(heard.id);
      fill();
    };
    child.on('message', hear);
    // In the order in which they were written.
    for (const waiting of this.#outbox.values()) this.#send(child, waiting);
    fill();
    return () => {
      child.off('message', hear);
      return wrong;
    };
  }

  #write(): PostedMessage {
    this.#written += 1;
    const written = message(
      this.#author,
      this.#lobby,
      `message ${this.#written} ${'.'.repeat(this.#written % 300)}`,
    );
    this.#outbox.set(written.id, written);
    return written;
  }

  #send(child: Host['child'], message: PostedMessage): void {
    // A message to a host that was killed meanwhile is lost, as it should be.
    if (child.connected) child.send(message, () => undefined);
  }
}

const killing = suite('Killing the host');

killing(
  `${KILLS} times under load loses nothing that was acknowledged, doubles nothing and leaves no gap`,
  async () => {
    const { directory, lobby, ada, close } = openRoom();
    close();
    const client = new Client(ada, lobby);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const host = await startHost(directory);
      assert.is(host.first.type, 'ready');
      const stop = client.talkTo(host);
      await sleep(20 + Math.random() * 150);
      await host.kill();
      assert.equal(stop(), []);
    }

    const { db } = openDatabase({ directory, roomName: '', now: NOON });
    const stored = db.all<{ seq: number; id: Id; body: string }>(
      'SELECT seq, client_id AS id, body FROM event WHERE conversation_id = 1 ORDER BY seq',
    );
    assert.equal(
      stored.map(({ seq }) => seq),
      stored.map((_, index) => index + 1),
    );
    const byId = new Map(stored.filter(({ id }) => id !== null).map((row) => [row.id, row]));
    for (const [id, { seq, body }] of client.acknowledged) {
      assert.equal([byId.get(id)?.seq, byId.get(id)?.body], [seq, body]);
    }
    // The opening and three who joined are no messages.
    assert.is(byId.size, stored.length - 4);
    assert.is(new Set([...byId.values()].map(({ body }) => body)).size, byId.size);
    assert.ok(client.acknowledged.size > KILLS * 10);
    console.log(`${KILLS} kills: ${client.acknowledged.size} acknowledged, ${byId.size} stored`);
    assert.is(db.pragma('integrity_check'), 'ok');
    closeDatabase(db);
  },
);

killing.run();
