import { readFileSync } from 'node:fs';

/** Empty where there is none, or none for us. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
