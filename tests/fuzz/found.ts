import { asks } from './frames.ts';
import type { Target } from './guided.ts';
import { addresses, joinTexts } from './joining.ts';

/** What fuzzing found, and what was wrong then: it is tried again each time. */
export const FOUND: readonly { target: Target; what: string; input: string }[] = [
  ...['constructor', '__proto__', 'prototype'].map((field) => ({
    target: asks,
    what: `a field called ${field} was left out instead of refused`,
    input: `{"t":"ask","id":1,"command":"presence.set","input":{"presence":"here","${field}":1}}`,
  })),
  {
    target: asks,
    what: 'a refusal repeated the whole name of a field that nobody foresaw',
    input: `{"t":"ask","id":1,"command":"hello","input":{},"${'conversationId'.repeat(40)}":1}`,
  },
  {
    target: asks,
    what: 'a list passed for an object without fields',
    input: '{"t":"ask","id":1,"command":"room.enter","input":[]}',
  },
  {
    target: addresses,
    what: 'a word longer than a name of DNS was an address',
    input: `salon://joinVGjDqcOidHJlIrT5lApcHd-hYyTmqGor7a9xMvS2QGP${'_'.repeat(16)}O`,
  },
  {
    target: joinTexts,
    what: 'a long name before a short form was taken for a damaged code',
    input: 'h______8QAAAAAAAAAAAAAAAAAAAAAGtJ0gAAHhMGAwTAqAEYBv0?-#z 00FK-WQBW,-KEXD-04YX',
  },
];
