// A module hook (see child.mjs): `uvu` means our watched-suite.mjs, to everybody but watched-suite.mjs itself.
const watched = new URL('./watched-suite.mjs', import.meta.url).href;

/** @type {import('node:module').ResolveHook} */
export function resolve(specifier, context, next) {
  if (specifier !== 'uvu' || context.parentURL === watched) return next(specifier, context);
  return { url: watched, format: 'module', shortCircuit: true };
}
