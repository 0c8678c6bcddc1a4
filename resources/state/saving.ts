import { FILE_PART_BYTES } from '../../server/protocol/control.ts';
import type { Control } from './ports.ts';

/** The app writes a file among the person's downloads. @returns the name that it has there. @throws ControlRefused. */
export async function saveThrough(control: Control, blob: Blob, wanted: string): Promise<string> {
  const { name } = await control.ask('saving.begin', { name: wanted });
  for (let at = 0; at < blob.size; at += FILE_PART_BYTES) {
    await control.ask('saving.write', { data: await base64Of(blob.slice(at, at + FILE_PART_BYTES)) });
  }
  await control.ask('saving.end', {});
  return name;
}

/** By the browser itself, and not while the page waits: a file may have a hundred megabytes. */
function base64Of(part: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve((reader.result as string).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error ?? new Error('the file is gone'));
    reader.readAsDataURL(part);
  });
}
