import { scrypt } from 'node:crypto';
import type { Stretch } from '../../../server/client/signing-in.ts';

/** scrypt as Node has it: a third of a second, in a thread of its own. */
export const nodeStretch: Stretch = (password, salt, { log2N, r, p }) =>
  new Promise((resolve, reject) => {
    const options = { N: 2 ** log2N, r, p, maxmem: 256 * 2 ** log2N * r * p };
    scrypt(password, salt, 32, options, (error, key) => {
      if (error === null) resolve(new Uint8Array(key));
      else reject(error);
    });
  });

/** The same, once for each password and salt: everybody in the demo has the same ones. */
export function remembered(stretch: Stretch): Stretch {
  const known = new Map<string, Promise<Uint8Array>>();
  return (password, salt, options) => {
    const key = `${Buffer.from(password).toString('hex')} ${Buffer.from(salt).toString('hex')} ${JSON.stringify(options)}`;
    let stretched = known.get(key);
    if (stretched === undefined) known.set(key, (stretched = stretch(password, salt, options)));
    return stretched;
  };
}
