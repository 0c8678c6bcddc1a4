import { SAVING_BYTES } from '../../server/protocol/control.ts';
import { toBase64url } from '../../server/protocol/base64url.ts';
import type { Control } from './ports.ts';

/** The app writes a file among the person's downloads. @returns the name that it has there. @throws ControlRefused. */
export async function saveThrough(control: Control, blob: Blob, wanted: string): Promise<string> {
  const { name } = await control.ask('saving.begin', { name: wanted });
  for (let at = 0; at < blob.size; at += SAVING_BYTES) {
    const part = await blob.slice(at, at + SAVING_BYTES).arrayBuffer();
    await control.ask('saving.write', { data: toBase64url(new Uint8Array(part)) });
  }
  await control.ask('saving.end', {});
  return name;
}
