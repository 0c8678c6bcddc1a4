import { fromBase64url } from '../server/protocol/base64url.ts';

/**
 * A room's wallpaper, drawn from its key: the same room looks the same on every screen. It reminds, it does not prove;
 * there are some ten thousand sheets, and many more keys.
 */
export interface Wallpaper {
  /** The colour below, which is also the plain wallpaper. */
  background: string;
  /** One tile as a CSS `url(…)` with a data URI of less than 2 kB. */
  image: string;
  /** Of the tile, in CSS pixels. */
  width: number;
  height: number;
  /** Where the first tile starts, in CSS pixels. */
  offset: readonly [number, number];
}

/** FNV-1a over the UTF-16 units of a text: for decoration, where any spread will do. */
export function hashOf(text: string, start = 0x811c9dc5): number {
  let hash = start;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  // FNV mixes its low bits poorly; the finisher of MurmurHash3 spreads them.
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

interface Palette {
  ground: string;
  line: string;
  /** Between ground and line, for surfaces. */
  fill: string;
  /** Of the small motif. */
  spark: string;
}

/** Chosen by hand. They differ in lightness as well as in hue, so that those who see fewer hues tell them apart. */
const PALETTES: readonly Palette[] = [
  { ground: '#0f3d33', line: '#2f7461', fill: '#174c3f', spark: '#e0a72c' },
  { ground: '#5b1b33', line: '#8d4160', fill: '#6d2641', spark: '#f0c3a0' },
  { ground: '#19345c', line: '#3f689a', fill: '#22426f', spark: '#dfe9f2' },
  { ground: '#a8691a', line: '#cf9545', fill: '#b5772a', spark: '#fff0cf' },
  { ground: '#3a2b57', line: '#65519a', fill: '#47366a', spark: '#e2c3ee' },
  { ground: '#1d4a4f', line: '#44868d', fill: '#27595f', spark: '#f3d9a4' },
  { ground: '#7d2e1d', line: '#b0614a', fill: '#8c3a28', spark: '#f8d8b4' },
  { ground: '#414b1e', line: '#76853f', fill: '#4e5926', spark: '#f0dd92' },
  { ground: '#29353d', line: '#566a76', fill: '#33424b', spark: '#f2ab7d' },
  { ground: '#e6d6b3', line: '#c4a868', fill: '#dcc89b', spark: '#8a2f1c' },
  { ground: '#c3d6de', line: '#86acbb', fill: '#b3cad4', spark: '#1c4961' },
  { ground: '#cbd8c4', line: '#93b08b', fill: '#bccdb3', spark: '#6a2140' },
];

interface Motif {
  width: number;
  height: number;
  /** Its shapes, drawn past the edges where they cross them. */
  draw: (palette: Palette, stroke: number) => string;
  /** Where the small motif may stand. What touches an edge is repeated at the other. */
  spots: readonly Spot[];
}

type Spot = readonly [x: number, y: number];

/** Copies of the shape `#id`. */
const copies = (id: string, spots: readonly Spot[]) =>
  spots.map(([x, y]) => `<use href='#${id}' x='${x}' y='${y}'/>`).join('');

const fans: Motif = {
  width: 48,
  height: 24,
  // Row after row from the top, each over the one before.
  draw: ({ ground, line }, stroke) =>
    `<g id='f' fill='none' stroke='${line}' stroke-width='${stroke}'><circle r='23.2' fill='${ground}'/>` +
    `<circle r='16' opacity='.85'/><circle r='9' opacity='.85'/></g>` +
    [-12, 0, 12, 24, 36, 48]
      .map((y) =>
        copies(
          'f',
          ((y / 12) % 2 === 0 ? [0, 48] : [-24, 24, 72]).map((x) => [x, y] as const),
        ),
      )
      .join(''),
  spots: [
    [0, 4],
    [24, 16],
  ],
};

const lozenge: Motif = {
  width: 32,
  height: 48,
  draw: ({ line, fill }, stroke) =>
    `<path id='z' d='M16 12 24 24 16 36 8 24Z' fill='${fill}'/>` +
    copies('z', [
      [-16, -24],
      [16, -24],
      [-16, 24],
      [16, 24],
    ]) +
    `<path d='M0 0 32 48M32 0 0 48' stroke='${line}' stroke-width='${stroke}'/>`,
  spots: [
    [16, 0],
    [0, 24],
  ],
};

const pearls: Motif = {
  width: 36,
  height: 24,
  draw: ({ line, fill }, stroke) =>
    `<path d='M0 0v24M36 0v24' stroke='${fill}' stroke-width='15'/>` +
    `<path d='M7.5 0v24M28.5 0v24M18 0v24' stroke='${line}' stroke-width='${stroke}'/>`,
  spots: [
    [18, 6],
    [18, 18],
  ],
};

const parquet: Motif = {
  width: 48,
  height: 32,
  draw: ({ line, fill }, stroke) =>
    `<path d='M0 16 24 0V16L0 32ZM24 16 48 32V48L24 32ZM24-16 48 0V16L24 0Z' fill='${fill}'/>` +
    `<path d='M0 0v32M24 0v32M48 0v32M0 0 24-16M0 16 24 0M0 32 24 16M0 48 24 32M24-16 48 0M24 0 48 16M24 16 48 32M24 32 48 48' fill='none' stroke='${line}' stroke-width='${stroke}'/>`,
  spots: [
    [24, 16],
    [0, 0],
  ],
};

const star: Motif = {
  width: 44,
  height: 44,
  draw: ({ line, fill }, stroke) =>
    `<g fill='none' stroke='${line}' stroke-width='${stroke}' stroke-linejoin='round'>` +
    `<path fill='${fill}' d='M22 4 27.3 9.3H34.7V16.7L40 22 34.7 27.3V34.7H27.3L22 40 16.7 34.7H9.3V27.3L4 22 9.3 16.7V9.3H16.7Z'/>` +
    `<path d='M22 13 31 22 22 31 13 22ZM22-1V4M22 40v5M-1 22H4M40 22h5'/></g>`,
  spots: [
    [22, 22],
    [0, 0],
  ],
};

const ring: Motif = {
  width: 36,
  height: 36,
  draw: ({ line, fill }, stroke) =>
    `<circle cx='18' cy='18' r='6.5' fill='${fill}'/>` +
    `<g fill='none' stroke='${line}' stroke-width='${stroke}'><circle id='c' cx='18' cy='18' r='18'/>` +
    copies('c', [
      [-18, -18],
      [18, -18],
      [-18, 18],
      [18, 18],
    ]) +
    `</g>`,
  spots: [
    [18, 18],
    [0, 0],
  ],
};

const leaf: Motif = {
  width: 36,
  height: 44,
  draw: ({ line, fill }, stroke) =>
    `<g fill='${fill}' stroke='${line}' stroke-width='${stroke}' stroke-linejoin='round'><path d='M18-1V45'/>` +
    `<path d='M18 22C18 12 24 6 33 6 33 16 28 22 18 22ZM18 22 27 12M18 44C18 34 12 28 3 28 3 38 8 44 18 44ZM18 44 9 34'/></g>`,
  spots: [
    [8, 14],
    [28, 36],
  ],
};

const arch: Motif = {
  width: 36,
  height: 76,
  draw: ({ line, fill }, stroke) =>
    `<g id='a' fill='none' stroke='${line}' stroke-width='${stroke}'><path d='M1.5 37V18a16.5 16.5 0 0 1 33 0V37Z'/>` +
    `<path fill='${fill}' d='M9 37V19a9 9 0 0 1 18 0V37Z'/></g>` +
    copies('a', [
      [-18, 38],
      [18, 38],
    ]),
  spots: [
    [18, 25],
    [0, 63],
  ],
};

const MOTIFS: readonly Motif[] = [fans, lozenge, pearls, parquet, star, ring, leaf, arch];

/** The second, small motif: around 0 0, about 4 wide. */
const SPARKS: readonly string[] = [
  `<circle r='1.9'/>`,
  `<circle r='2' fill='none' stroke-width='1.2'/>`,
  `<path d='M0-2.8 2.2 0 0 2.8-2.2 0Z'/>`,
  `<path d='M0-3C.4-.8.8-.4 3 0 .8.4.4.8 0 3-.4.8-.8.4-3 0-.8-.4-.4-.8 0-3Z'/>`,
  `<path d='M-2.6 0H2.6M0-2.6V2.6' stroke-width='1.3'/>`,
  `<path d='M0-1.4v.1M-1.6 1.3v.1M1.6 1.3v.1' stroke-width='2.6' stroke-linecap='round'/>`,
];

const SCALES = [0.9, 1, 1.1, 1.25] as const;
const STROKES = [1.2, 1.4, 1.6] as const;

/** Salon's own, on the welcome screen. */
const OWN_BYTES = Uint8Array.of(0, 0, 1, 0, 0, 0, 0, 1);

const made = new Map<string, Wallpaper>();

/** Of a room's key (its hash, as 8 bytes or more or as a fingerprint), of any other text, or of Salon itself (null). */
export function wallpaper(seed: Uint8Array | string | null): Wallpaper {
  const bytes = seed === null ? OWN_BYTES : typeof seed === 'string' ? bytesOf(seed) : seed;
  const key = bytes.subarray(0, 8).join('.');
  let found = made.get(key);
  if (found === undefined) made.set(key, (found = drawn(bytes)));
  return found;
}

function drawn(bytes: Uint8Array): Wallpaper {
  // Taken one after the other: motif, colours, scale, offset, small motif, its rhythm, its size, weight of the line.
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = bytes;
  const motif = pick(MOTIFS, a);
  const palette = pick(PALETTES, b);
  const scale = pick(SCALES, c);
  const { width, height } = motif;

  const everywhere = f % 3 !== 2;
  const size = g % 3 === 2 ? 1.3 : 1;
  const spots = (everywhere ? motif.spots : motif.spots.slice(0, 1)).flatMap((spot) => wrapped(spot, motif));
  const spark = `<g id='s' transform='scale(${size})'>${pick(SPARKS, e)}</g>`;
  const svg =
    `<svg xmlns='http://www.w3.org/2000/svg' width='${round(width * scale)}' height='${round(height * scale)}' ` +
    `viewBox='0 0 ${width} ${height}'>${motif.draw(palette, pick(STROKES, h))}` +
    // Defined outside the picture: only its copies are seen.
    `<g fill='${palette.spark}' stroke='${palette.spark}' stroke-width='0'><defs>${spark}</defs>${copies('s', spots)}</g></svg>`;

  return {
    background: palette.ground,
    image: `url("data:image/svg+xml,${svg.replace(/[%#<>]/g, encodeURIComponent)}")`,
    width: round(width * scale),
    height: round(height * scale),
    offset: [Math.round((width * (d % 16)) / 16), Math.round((height * (d >> 4)) / 16)],
  };
}

function pick<T>(from: readonly [T, ...T[]] | readonly T[], byte: number): T {
  const found = from[byte % from.length];
  if (found === undefined) throw new RangeError('nothing to pick from');
  return found;
}

/** A spot and where it shows again when it lies on an edge of the tile. */
function wrapped([x, y]: Spot, { width, height }: Motif): Spot[] {
  const xs = x < 4 ? [x, x + width] : [x];
  const ys = y < 4 ? [y, y + height] : [y];
  return xs.flatMap((left) => ys.map((top) => [left, top] as const));
}

const round = (length: number) => Math.round(length * 100) / 100;

const FINGERPRINT_LETTERS = 43;
/** So many letters of base64url hold the 8 bytes that a wallpaper is drawn from. */
const SEED_LETTERS = 11;

/** What a room's wallpaper is drawn from, of the beginning of its fingerprint. Null when that is too little to tell. */
export function seedOfPrefix(prefix: string): Uint8Array | null {
  const letters = prefix.slice(0, SEED_LETTERS);
  // What announces itself nearby is anybody's text.
  return /^[\w-]{11}$/.test(letters) ? fromBase64url(letters) : null;
}

function bytesOf(text: string): Uint8Array {
  const ofKey = text.length === FINGERPRINT_LETTERS ? seedOfPrefix(text) : null;
  if (ofKey !== null) return ofKey;
  return Uint8Array.from({ length: 8 }, (_, at) => hashOf(text, 0x811c9dc5 + at) & 0xff);
}
