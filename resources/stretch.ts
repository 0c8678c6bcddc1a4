import type { Stretch } from '../server/client/signing-in.ts';

/** The worker's own address: the page's policy trusts this one script and no text made up at run time. */
const WORKER = 'scrypt-worker.js';

interface ScriptPolicy {
  createScriptURL(url: string): string;
}

/** scrypt in a worker of its own, which ends with the answer and takes its 128 MiB with it. */
export const stretch: Stretch = (password, salt, { log2N, r, p }) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(workerUrl());
    worker.onmessage = ({ data }: MessageEvent<Uint8Array>) => {
      worker.terminate();
      resolve(data);
    };
    worker.onerror = (event) => {
      worker.terminate();
      reject(new Error(event.message));
    };
    worker.postMessage({ password, salt, log2N, r, p });
  });

let policy: ScriptPolicy | undefined;

/** A trusted script address where the engine asks for one. */
function workerUrl(): string {
  const { trustedTypes } = globalThis as {
    trustedTypes?: { createPolicy(name: string, rules: ScriptPolicy): ScriptPolicy };
  };
  if (trustedTypes === undefined) return WORKER;
  policy ??= trustedTypes.createPolicy('salon-worker', { createScriptURL: () => WORKER });
  return policy.createScriptURL(WORKER);
}
