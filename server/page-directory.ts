import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where the built interface is: beside this program once it is packed, beside its folder as it is built. */
export function findPageDirectory(): string {
  const places = ['./page/', '../page/', '../build/page/'].map((place) =>
    fileURLToPath(new URL(place, import.meta.url)),
  );
  const found = places.find((place) => existsSync(`${place}index.html`));
  if (found === undefined) throw new Error('the interface has not been built: run "npm run build"');
  return found;
}
