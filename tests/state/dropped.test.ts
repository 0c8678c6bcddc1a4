import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { toBase64url } from '../../server/protocol/base64url.ts';
import { LIMITS } from '../../server/protocol/entities.ts';
import { readDropped } from '../../resources/state/dropped.ts';
import type { Control } from '../../resources/state/ports.ts';
import { ControlRefused } from '../../resources/state/problem.ts';

const dropping = suite('Files that were dropped on the window');

/** What the extension reads, three bytes at a time. */
function controlOver(contents: Record<number, string>): { control: Control; asked: number[] } {
  const asked: number[] = [];
  const nothing = () => () => undefined;
  const listen = {
    onHosting: nothing,
    onNearby: nothing,
    onOpened: nothing,
    onDropped: nothing,
    onLink: nothing,
  };
  const ask = ((_command: string, { id, offset }: { id: number; offset: number }) => {
    asked.push(id);
    const content = contents[id];
    if (content === undefined) return Promise.reject(new ControlRefused('NOT_READ'));
    return Promise.resolve({
      data: toBase64url(new TextEncoder().encode(content).subarray(offset, offset + 3)),
    });
  }) as Control['ask'];
  return { control: { ask, ...listen }, asked };
}

dropping('are read whole; a folder, one too large and one too many are not read at all', async () => {
  const { control, asked } = controlOver({ 1: 'one', 2: 'the second', 3: '', 6: 'too many' });
  const dropped = [
    { id: 1, name: 'One.PNG', size: 3 },
    { id: 9, name: 'Holidays', size: null },
    { id: 2, name: 'two.txt', size: 10 },
    { id: 5, name: 'film.mkv', size: LIMITS.fileBytes + 1 },
    { id: 3, name: 'empty', size: 0 },
    { id: 6, name: 'six', size: 8 },
  ];
  const { files, ...rest } = await readDropped(control, dropped, 3);
  assert.equal(rest, { areTooMany: true, areAllRead: true });
  assert.equal(
    files.map((file) => file && [file.name, file.size, file.type]),
    [
      ['One.PNG', 3, 'image/png'],
      null,
      ['two.txt', 10, ''],
      ['film.mkv', LIMITS.fileBytes + 1, ''],
      ['empty', 0, ''],
    ],
  );
  assert.equal([await files[0]?.text(), await files[2]?.text()], ['one', 'the second']);
  assert.equal([...new Set(asked)], [1, 2]);
});

dropping('are taken but for one that is gone, or has become shorter', async () => {
  const { control } = controlOver({ 1: 'short', 3: 'here' });
  const dropped = [
    { id: 1, name: 'a', size: 9 },
    { id: 2, name: 'b', size: 4 },
    { id: 3, name: 'c', size: 4 },
  ];
  const { files, areAllRead } = await readDropped(control, dropped, 20);
  assert.equal(
    files.map((file) => file?.name),
    ['c'],
  );
  assert.is(areAllRead, false);
});

dropping.run();
