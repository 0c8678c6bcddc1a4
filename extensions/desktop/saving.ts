import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, parse } from 'node:path';
import { cleanFileName } from '../../server/protocol/file-names.ts';
import { patientlyAside } from '../../server/store/patience.ts';
import { readText } from '../read-text.ts';

/** So many files of one name are enough. */
const MOST_NAMESAKES = 1_000;

/** Where a person's programs put what they fetch. */
export function downloadsFolder(home: string = homedir(), config: string | undefined = configHome()): string {
  const usual = join(home, 'Downloads');
  if (config === undefined) return usual;
  const named = /^XDG_DOWNLOAD_DIR="(.+)"$/m.exec(readText(join(config, 'user-dirs.dirs')))?.[1];
  const folder = named?.replace(/^\$HOME(?=\/|$)/, home).replace(/\\(.)/g, '$1') ?? usual;
  return isAbsolute(folder) ? folder : usual;
}

/** Where a desktop says it, in the way of freedesktop.org. */
function configHome(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  return process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config');
}

/** A file that is put among the person's downloads, part after part. What was there under its name stays. */
export class Saving {
  readonly name: string;
  readonly #path: string;
  readonly #file: FileHandle;

  private constructor(folder: string, name: string, file: FileHandle) {
    this.name = name;
    this.#path = join(folder, name);
    this.#file = file;
  }

  /** @throws when the folder cannot be written. */
  static async begin(typed: string, folder: string = downloadsFolder()): Promise<Saving> {
    await mkdir(folder, { recursive: true });
    const [name, file] = await openNew(folder, cleanFileName(typed));
    return new Saving(folder, name, file);
  }

  /** @throws when the disk refuses. */
  async write(bytes: Uint8Array): Promise<void> {
    await this.#file.appendFile(bytes);
  }

  /** @throws when the disk refuses. */
  end(): Promise<void> {
    return this.#file.close();
  }

  /** Nothing of it stays, where that can be. */
  async giveUp(): Promise<void> {
    await this.#file.close().catch(() => undefined);
    await patientlyAside(() => rm(this.#path, { force: true })).catch(() => undefined);
  }
}

/** @returns its name, which nobody had, and the file. */
async function openNew(folder: string, wanted: string): Promise<[string, FileHandle]> {
  const { name: stem, ext } = parse(wanted);
  for (let number = 1; number <= MOST_NAMESAKES; number += 1) {
    const name = number === 1 ? wanted : `${stem} (${number})${ext}`;
    try {
      return [name, await open(join(folder, name), 'ax')];
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
  throw new Error(`too many files called ${wanted}`);
}
