import * as v from 'valibot';
import { LIMITS, PictureType, type Picture } from '../../server/protocol/entities.ts';
import { readPicture } from '../capabilities.ts';
import { plural, t } from '../locales/locale.ts';
import type { ConversationState, StagedFile } from '../state/conversation.ts';

/** So many wait to be sent at one time. */
export const MOST_STAGED = 20;

/**
 * Puts files into the box of a conversation. The answer says, as a sentence each, what was left out.
 */
export function stage(conversation: ConversationState, files: readonly File[]): string[] {
  const fit = files.filter(({ size }) => size <= LIMITS.fileBytes);
  const taken = fit.slice(0, MOST_STAGED - conversation.staged.length);
  conversation.staged = [...conversation.staged, ...taken.map((file) => ({ file, picture: null }))];
  void measureAll(conversation, taken);
  const tooBig = files.filter((file) => !fit.includes(file)).map(({ name }) => t().files.tooBig(name));
  return taken.length < fit.length ? [...tooBig, plural(MOST_STAGED, t().files.tooMany)] : tooBig;
}

export function unstage(conversation: ConversationState, file: File): void {
  conversation.staged = conversation.staged.filter((each) => each.file !== file);
}

/** What is dropped or pasted. Null in it stands for a folder, which holds no bytes of its own. */
export function filesIn(data: DataTransfer): (File | null)[] {
  const items = [...data.items].filter(({ kind }) => kind === 'file');
  if (items.length === 0) return [...data.files];
  return items.map((item) => (item.webkitGetAsEntry?.()?.isDirectory === true ? null : item.getAsFile()));
}

/** Browsers call every pasted picture `image.png`. */
export function pastedFiles(data: DataTransfer): (File | null)[] {
  return filesIn(data).map((file) =>
    file?.name === 'image.png' ? new File([file], `${t().files.pastedName}.png`, { type: file.type }) : file,
  );
}

/** For where the browser does not say what is pasted. */
export async function pastedPicture(): Promise<File | null> {
  const picture = await readPicture().catch(() => null);
  return picture && new File([picture], `${t().files.pastedName}.png`, { type: picture.type });
}

/** One after the other: twenty photographs at once would be two gigabytes. */
async function measureAll(conversation: ConversationState, files: readonly File[]): Promise<void> {
  for (const file of files) await measure(conversation, file);
}

/** The browser reads how large a picture is; until then, and for all else, it is a file like others. */
async function measure(conversation: ConversationState, file: File): Promise<void> {
  const picture = await pictureOf(file);
  if (picture === null) return;
  conversation.staged = conversation.staged.map((each): StagedFile =>
    each.file === file ? { file, picture } : each,
  );
}

async function pictureOf(file: File): Promise<Picture | null> {
  const type = v.safeParse(PictureType, file.type);
  if (!type.success) return null;
  const url = URL.createObjectURL(file);
  try {
    const image = new Image();
    // Not `decode`, which draws all of it.
    await new Promise((resolve, reject) => {
      image.onload = resolve;
      image.onerror = reject;
      image.src = url;
    });
    const { naturalWidth: width, naturalHeight: height } = image;
    const isShown = width > 0 && height > 0 && width * height <= LIMITS.picturePixels;
    return isShown ? { type: type.output, width, height } : null;
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
}
