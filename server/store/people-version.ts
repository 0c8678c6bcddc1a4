/**
 * Counts the changes of who there is and what they are called. One for the whole thread: a number never means something
 * else, also when the room is opened again in it.
 */
let version = 0;

export function peopleVersion(): number {
  return version;
}

export function peopleChanged(): void {
  version += 1;
}
