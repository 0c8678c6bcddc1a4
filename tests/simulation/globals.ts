import { Due, type VirtualClock } from './clock.ts';

/**
 * Puts a virtual clock, and its dice, in the place of this process's own: whatever asks for the time, waits or draws lots
 * is part of the simulated world. The answer puts everything back.
 */
export function takeOver(clock: VirtualClock): () => void {
  const undo = [
    replace(globalThis, {
      setTimeout: (call: () => void, ms = 0) => clock.after(ms, call),
      setInterval: (call: () => void, ms = 0) => clock.every(ms, call),
      setImmediate: (call: () => void) => clock.after(0, call),
      clearTimeout: cancel,
      clearInterval: cancel,
      clearImmediate: cancel,
    }),
    replace(Date, { now: () => clock.wall }),
    replace(performance, { now: () => clock.now }),
    replace(Math, { random: clock.random }),
    replace(globalThis.crypto, {
      getRandomValues: (bytes: Uint8Array) => {
        for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(clock.random() * 256);
        return bytes;
      },
    }),
  ];
  return () => {
    for (const each of undo) each();
  };
}

function cancel(due: unknown): void {
  if (due instanceof Due) due.cancelled = true;
}

function replace(where: object, functions: Record<string, unknown>): () => void {
  const before = Object.keys(functions).map(
    (name) => [name, Object.getOwnPropertyDescriptor(where, name)] as const,
  );
  for (const [name, value] of Object.entries(functions))
    Object.defineProperty(where, name, { value, configurable: true, writable: true, enumerable: true });
  return () => {
    for (const [name, descriptor] of before) {
      if (descriptor === undefined) Reflect.deleteProperty(where, name);
      else Object.defineProperty(where, name, descriptor);
    }
  };
}
