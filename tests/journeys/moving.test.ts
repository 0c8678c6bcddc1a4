// time limit: 240 s
// A room is a key, not an address: it moves, and is found again; another answers in its place, and is refused.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Network, noNamespaces } from '../support/namespaces.ts';
import { scratch, type HostProcess } from '../support/processes.ts';
import { hostOn, Salon } from '../support/salon.ts';

const moving = suite('A room that moves');

const why = noNamespaces();
if (why !== null) {
  moving.skip(`needs several computers: ${why}`, () => undefined);
} else {
  let network: Network;
  let room: HostProcess;
  let directory: string;
  let bob: Salon;

  moving.before(async () => {
    network = Network.make('10.77.1.1', '10.77.1.2', '10.77.1.3');
    const [a, b] = network.computers;
    directory = await scratch();
    room = await hostOn(a!, directory, ['--name', 'Engine room']);
    bob = await Salon.open({ computer: b! });
  });

  moving.after(async () => {
    await bob.close();
    await room.stop();
    network.close();
  });

  moving('is joined by its code with no question asked', async () => {
    await bob.join(room.owner?.link ?? '');
    await bob.person.signUp({ firstName: 'Bob', lastName: 'Durand', username: 'bob' });
    await bob.person.write('aboard');
    await bob.person.message('aboard').waitFor();
  });

  moving(
    'to another address and another port is found again by itself, and nobody is asked anything',
    async () => {
      const [a] = network.computers;
      await room.stop();
      await bob.page.getByRole('button', { name: 'Keep reading' }).click();
      await bob.person.write('while it moves');
      a!.moveTo('10.77.1.31');
      const began = Date.now();
      room = await hostOn(a!, directory);
      await bob.page
        .getByText(/moved to 10\.77\.1\.31/)
        .first()
        .waitFor({ timeout: 30_000 });
      assert.ok(Date.now() - began < 30_000, `${Date.now() - began} ms`);
      await bob.person.shot('moved');
      assert.is(await bob.page.getByRole('dialog').count(), 0, 'no question');
      // What was written meanwhile has gone out.
      await bob.person.message('while it moves').waitFor();
      await bob.person.write('found again');
      await bob.person.message('found again').waitFor();
    },
  );

  moving('is one room in the list of rooms, not two', async () => {
    await bob.page.evaluate(() => sessionStorage.clear());
    await bob.page.reload();
    const visited = bob.page.getByRole('listitem').filter({ hasText: 'Engine room' });
    await visited.first().waitFor();
    assert.is(await visited.count(), 1);
  });

  moving('and leaves another at its address: that one is not the room, and gets nothing', async () => {
    const [a] = network.computers;
    await room.stop();
    const other = await hostOn(a!, await scratch(), ['--name', 'Engine room', '--port', String(room.port)]);
    await bob.page
      .getByRole('button', { name: /Engine room/ })
      .first()
      .click();
    await bob.page.getByText('This is not the room you knew', { exact: false }).waitFor();
    await bob.person.shot('other-key');
    await bob.page.getByRole('button', { name: 'Leave', exact: true }).waitFor();
    assert.is(
      await bob.page.getByLabel('Password', { exact: true }).count(),
      0,
      'no field to type a password into',
    );
    await other.stop();
  });
}

moving.run();
