/**
 * What opens Salon in a browser, for a double click. It stays until Salon ends, which so learns when its terminal is
 * closed; Salon itself is told nothing but what was typed.
 */

/**
 * @param {string} folder from the starter to the one that holds `extensions`, "." for its own
 */
export function unixStarter(folder) {
  return `#!/bin/sh
# Opens Salon in the browser. --data DIR keeps its data elsewhere; a salon: link goes straight to that room.
self=$0
while [ -h "$self" ]; do
  link=$(readlink "$self")
  case $link in
    /*) self=$link ;;
    *) self=$(dirname "$self")/$link ;;
  esac
done
here=$(CDPATH="" cd -P -- "$(dirname "$self")" && pwd -P) || exit 1
node=$here/${folder === '.' ? '' : `${folder}/`}extensions/node
# Some programs that unpack archives forget who may run what.
[ -x "$node/node" ] || chmod u+x "$node/node"
"$node/node" "$node/main.cjs" --open "$@"
`;
}

export const windowsStarter = [
  '@echo off',
  'rem Opens Salon in the browser. --data DIR keeps its data elsewhere; a salon: link goes straight to that room.',
  'title Salon',
  '"%~dp0extensions\\node\\node.exe" "%~dp0extensions\\node\\main.cjs" --open %*',
  'if errorlevel 1 pause',
  '',
].join('\r\n');
