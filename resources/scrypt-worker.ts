import scrypt from 'scrypt-js';

/**
 * Stretches a password away from the page's own thread. `syncScrypt` on purpose: scrypt-js' other form pauses through
 * timers, which pages slow down to ten seconds where this takes one.
 */
interface Wish {
  password: Uint8Array;
  salt: Uint8Array;
  log2N: number;
  r: number;
  p: number;
}

self.addEventListener('message', ({ data }: MessageEvent<Wish>) => {
  self.postMessage(scrypt.syncScrypt(data.password, data.salt, 2 ** data.log2N, data.r, data.p, 32));
});
