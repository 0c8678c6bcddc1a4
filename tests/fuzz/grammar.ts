import fc from 'fast-check';
import type * as v from 'valibot';

/** Inputs made from the schemas that check them: right in every field, or wrong in one. */

/** What of a valibot schema is looked at here. */
interface Shape {
  type: string;
  entries?: Record<string, Shape>;
  wrapped?: Shape;
  item?: Shape;
  options?: readonly unknown[];
  literal?: unknown;
  pipe?: readonly { type: string; requirement?: unknown }[];
}

const TEXTS = [
  '',
  ' ',
  'ada',
  'Élodie',
  '\0',
  '\ud800',
  '\ufeff',
  '\u202e',
  'ﷺ'.repeat(70),
  '__proto__',
  'a\r\nb',
  '😀',
  '%',
  "'",
];
/** Made once: what there is of characters is counted each time. */
const TEXT = fc.oneof(
  fc.constantFrom(...TEXTS),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const anyText = (most: number) => TEXT.map((text) => text.slice(0, most));

/** What is odd anywhere. */
const ODD: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, '', [], {}, 0, -1, 1.5, 2 ** 53, 1e308, -0, [[]], { a: { b: {} } }),
  anyText(100),
  fc.string({ minLength: 201, maxLength: 300 }),
  fc.array(fc.constant('x'), { minLength: 51, maxLength: 60 }),
);

/** @param ids - that mean something to the host. */
export function inputsOf(schema: v.GenericSchema, ids: readonly string[]): fc.Arbitrary<unknown> {
  const right = arbitraryOf(schema, ids);
  const wrong = fc
    .tuple(right, fc.nat(), fc.nat({ max: 5 }), ODD)
    .map(([input, at, how, odd]) => spoilt(input, at, how, odd));
  return fc.oneof(right, { weight: 2, arbitrary: wrong });
}

function arbitraryOf(shape: Shape, ids: readonly string[]): fc.Arbitrary<unknown> {
  const limit = (type: string) => shape.pipe?.find((each) => each.type === type)?.requirement;
  const numeric = (type: string, otherwise: number) => {
    const given = limit(type);
    return typeof given === 'number' ? given : otherwise;
  };
  switch (shape.type) {
    case 'strict_object':
    case 'object': {
      const fields = Object.entries(shape.entries ?? {});
      const optional = fields.filter(([, { type }]) => type === 'optional').map(([key]) => key);
      const entries = fields.map(([key, field]) => [key, arbitraryOf(field, ids)] as const);
      return fc.record(Object.fromEntries(entries), {
        requiredKeys: fields.map(([key]) => key).filter((key) => !optional.includes(key)),
      });
    }
    case 'string': {
      const pattern = limit('regex');
      if (!(pattern instanceof RegExp)) return anyText(numeric('max_length', 1_000));
      // An id, or bytes of some length.
      if (!pattern.source.includes('{25}')) return fc.stringMatching(pattern);
      return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...ids) }, fc.stringMatching(pattern));
    }
    case 'number': {
      const [min, max] = [numeric('min_value', -(2 ** 53) + 1), numeric('max_value', 2 ** 53 - 1)];
      return fc.oneof(
        fc.integer({ min: Math.max(min, -2_147_483_648), max: Math.min(max, 2_147_483_647) }),
        fc.constantFrom(...[min, max, 1, 2, 3].filter((n) => n >= min && n <= max)),
      );
    }
    case 'literal':
      return fc.constant(shape.literal);
    case 'picklist':
      return fc.constantFrom(...(shape.options ?? []));
    case 'boolean':
      return fc.boolean();
    case 'optional':
      return arbitraryOf(shape.wrapped ?? { type: '' }, ids);
    case 'nullable':
      return fc.oneof(fc.constant(null), arbitraryOf(shape.wrapped ?? { type: '' }, ids));
    case 'array':
      return fc.array(arbitraryOf(shape.item ?? { type: '' }, ids), {
        minLength: numeric('min_length', 0),
        maxLength: Math.min(numeric('max_length', 5), 50),
      });
    default:
      throw new Error(`nothing is known of ${shape.type}`);
  }
}

/** The same with one field, at whatever depth, left out, replaced, added or renamed. */
function spoilt(input: unknown, at: number, how: number, odd: unknown): unknown {
  const copy: unknown = structuredClone(input);
  const places = placesIn(copy);
  const place = places[at % Math.max(1, places.length)];
  if (place === undefined) return how < 3 ? odd : { [ODD_KEYS[at % ODD_KEYS.length] ?? '']: odd };
  const [holder, key] = place;
  if (how === 0) Reflect.deleteProperty(holder, key);
  else if (how === 1)
    Object.defineProperty(holder, ODD_KEYS[at % ODD_KEYS.length] ?? '', {
      value: odd,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  else holder[key] = odd;
  return copy;
}

const ODD_KEYS = ['__proto__', 'constructor', 'toString', 'extra', '', 'hasOwnProperty', 'then'];

type Holder = Record<string, unknown>;

function placesIn(value: unknown): [Holder, string][] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Holder;
  return Object.entries(holder).flatMap(([key, inner]) => [
    [holder, key] as [Holder, string],
    ...placesIn(inner),
  ]);
}
