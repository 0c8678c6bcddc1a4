/** Bytes as unpadded base64url (RFC 4648, 5), in pages and Node alike. */

const AT_ONCE = 8_192;

export function toBase64url(data: Uint8Array): string {
  let binary = '';
  // As many at once as any engine takes for arguments: parts of files come this way.
  for (let at = 0; at < data.length; at += AT_ONCE)
    binary += String.fromCharCode(...data.subarray(at, at + AT_ONCE));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** @throws when it is not base64url at all. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const data = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) data[at] = binary.charCodeAt(at);
  return data;
}
