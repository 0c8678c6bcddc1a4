import { DEFAULT_PORT } from './entities.ts';

/** Where a room may be found. `host` is bare, without the brackets of an IPv6 address. */
export interface Address {
  host: string;
  port: number;
}

/**
 * Reads what a person typed or pasted: `192.168.1.24`, `pc-7.local:4871`, `[fe80::1]:4870`, `http://192.168.1.24:4870/…`.
 * Null when it is none of these.
 */
export function parseAddress(typed: string): Address | null {
  const text = typed.trim();
  if (text === '' || text.length > 300) return null;
  const bare = text.replace(/^(https?|salon):\/\//i, '').replace(/[/?#].*$/s, '');
  const match = /^(?:\[([0-9a-f:.]+(?:%[\w.-]+)?)\]|([^\s:@[\]]+))(?::(\d{1,5}))?$/i.exec(bare);
  if (match === null) return looksLikeIpv6(bare) ? { host: bare, port: DEFAULT_PORT } : null;
  const host = match[1] ?? match[2] ?? '';
  const port = match[3] === undefined ? DEFAULT_PORT : Number(match[3]);
  if (port < 1 || port > 65535) return null;
  if (match[1] !== undefined) return looksLikeIpv6(host) ? { host, port } : null;
  return looksLikeHost(host) ? { host: host.toLowerCase(), port } : null;
}

/** `host:port`, with brackets where IPv6 needs them. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function looksLikeIpv6(text: string): boolean {
  // Its two colons are looked for apart: in one expression, a few hundred colons would take millions of steps.
  return text.length >= 3 && /:.*:/.test(text) && /^[0-9a-f:.]+(%[\w.-]+)?$/i.test(text);
}

function looksLikeHost(text: string): boolean {
  if (/^[\d.]+$/.test(text)) {
    const parts = text.split('.');
    return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
  }
  return (
    text.length <= 253 &&
    text
      .split('.')
      .every((label) => label.length <= 63 && /^[\p{L}\p{N}]([\p{L}\p{N}_-]*[\p{L}\p{N}])?$/u.test(label))
  );
}
