import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Hosting, NearbyRoom, RecentRoom } from '../../server/protocol/control.ts';
import { placesOf } from '../../resources/state/places.ts';

/** Which rooms the first screen lists, and where. */

const places = suite('The rooms on the first screen');

const [one, other, third] = ['A', 'B', 'C'].map((letter) => letter.repeat(43));
const nearby = (name: string, prefix = ''): NearbyRoom => ({
  prefix,
  name,
  addresses: ['10.0.0.2:4870'],
  version: 1,
});
const recent = (name: string, fingerprint = ''): RecentRoom => ({
  roomId: name,
  name,
  fingerprint,
  addresses: ['10.0.0.2:4870'],
  hosted: false,
  lastAt: 1,
});
const names = (list: readonly { name: string }[]) => list.map(({ name }) => name);

places('show a room that is known by its key once, among those open nearby', () => {
  const { open, visited } = placesOf(
    [nearby('Atelier', one?.slice(0, 12)), nearby('Dry dock', third?.slice(0, 12))],
    [recent('atelier', one), recent('Salle 204', other)],
    null,
  );
  assert.equal(names(open.map(({ room }) => room)), ['Atelier', 'Dry dock']);
  assert.equal(
    open.map(({ known }) => known?.name ?? null),
    ['atelier', null],
  );
  assert.equal(names(visited), ['Salle 204']);
});

places('know a room by its key, not by its name or address', () => {
  const { open, visited } = placesOf(
    [nearby('Atelier', other?.slice(0, 12))],
    [recent('Atelier', one)],
    null,
  );
  assert.is(open[0]?.known, null);
  assert.equal(names(visited), ['Atelier']);
});

places('leave out the room that this computer hosts: it stands above them', () => {
  const hosting = { fingerprint: one } as Hosting;
  const { open, visited } = placesOf([nearby('Mine', one?.slice(0, 12))], [recent('Mine', one)], hosting);
  assert.equal(open, []);
  assert.equal(names(visited), ['Mine']);
});

places('take one that announces no key for unknown', () => {
  const { open } = placesOf([nearby('Nobody', '')], [recent('Atelier', one)], {
    fingerprint: one,
  } as Hosting);
  assert.is(open[0]?.known, null);
});

places.run();
