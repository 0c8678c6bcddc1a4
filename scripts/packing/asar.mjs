/**
 * Files in one, as the shell reads them: a directory in JSON, then the contents one after another.
 *
 * The four numbers at the beginning are those of Chromium's "pickles", a length before each part.
 *
 * @param {import('../parts/publishing.mjs').Files} files
 */
export function asar(files) {
  /** @typedef {{ files: Record<string, Node> } | { size: number, offset: string }} Node */
  /** @type {{ files: Record<string, Node> }} */
  const root = { files: {} };
  const contents = [];
  let offset = 0;
  for (const [name, content] of files) {
    const bytes = Buffer.from(content);
    const parts = name.split('/');
    const base = String(parts.pop());
    let folder = root;
    for (const part of parts) {
      const inner = (folder.files[part] ??= { files: {} });
      if (!('files' in inner)) throw new Error(`${name} is in a file`);
      folder = inner;
    }
    folder.files[base] = { size: bytes.length, offset: String(offset) };
    contents.push(bytes);
    offset += bytes.length;
  }

  const json = Buffer.from(JSON.stringify(root));
  const padded = Math.ceil(json.length / 4) * 4;
  const head = Buffer.alloc(16);
  head.writeUInt32LE(4, 0);
  head.writeUInt32LE(padded + 8, 4);
  head.writeUInt32LE(padded + 4, 8);
  head.writeUInt32LE(json.length, 12);
  // The shell reads the directory to the end of its padding; JSON may end in blanks.
  return Buffer.concat([head, json, Buffer.alloc(padded - json.length, ' '), ...contents]);
}
