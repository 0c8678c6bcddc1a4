import { encode } from 'uqr';

/** A QR code as one path, for an `<svg viewBox="0 0 size size">`: quicker to draw than a thousand squares. */
export interface Qr {
  /** Modules on a side, the quiet zone included. */
  size: number;
  /** The dark modules. */
  path: string;
}

/** Cameras want four light modules around it (ISO 18004); the paper that it lies on may not be light. */
const QUIET_ZONE = 4;

/** @throws when the text is longer than any QR code holds: some 2,900 letters. */
export function qrOf(text: string): Qr {
  // The lowest level of correction makes the largest modules, and a screen is never dirty.
  const { size, data } = encode(text, { ecc: 'L', border: QUIET_ZONE });
  const path = data.map((row, y) => runs(row).map(([x, length]) => `M${x} ${y}h${length}v1h-${length}z`));
  return { size, path: path.flat().join('') };
}

/** Dark modules next to each other in one row, as where they begin and how many they are. */
function runs(row: readonly boolean[]): [start: number, length: number][] {
  const found: [number, number][] = [];
  for (const [x, dark] of row.entries()) {
    const last = found.at(-1);
    if (!dark) continue;
    if (last !== undefined && last[0] + last[1] === x) last[1] += 1;
    else found.push([x, 1]);
  }
  return found;
}
