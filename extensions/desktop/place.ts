import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A place where the system reads what it is to start. Written only when a person asked for it. */
export interface Place {
  /** This very Salon stands there. */
  isOn(): Promise<boolean>;
  /** @throws when it cannot be written. */
  set(on: boolean): Promise<void>;
}

/** A file that says it, in one of the person's own folders. */
export function fileWith(path: string, text: string): Place {
  return {
    isOn: () => Promise.resolve(contentOf(path) === text),
    set: (on) => Promise.resolve(on ? write(path, text) : rmSync(path, { force: true })),
  };
}

function contentOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
