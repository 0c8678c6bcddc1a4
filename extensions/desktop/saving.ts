import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, parse } from 'node:path';
import { cleanFileName } from '../../server/protocol/file-names.ts';

/** So many files of one name are enough. */
const MOST_NAMESAKES = 1_000;

/** Where a person's programs put what they fetch. */
export function downloadsFolder(home: string = homedir(), config: string | undefined = configHome()): string {
  const usual = join(home, 'Downloads');
  if (config === undefined) return usual;
  const named = /^XDG_DOWNLOAD_DIR="(.+)"$/m.exec(read(join(config, 'user-dirs.dirs')))?.[1];
  const folder = named?.replace(/^\$HOME(?=\/|$)/, home).replace(/\\(.)/g, '$1') ?? usual;
  return isAbsolute(folder) ? folder : usual;
}

/** Where a desktop says it, in the way of freedesktop.org. */
function configHome(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  return process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config');
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** A file that is put among the person's downloads, part after part. What was there under its name stays. */
export class Saving {
  readonly name: string;
  readonly #path: string;
  readonly #file: number;

  /** @throws when the folder cannot be written. */
  constructor(typed: string, folder: string = downloadsFolder()) {
    mkdirSync(folder, { recursive: true });
    [this.name, this.#file] = openNew(folder, cleanFileName(typed));
    this.#path = join(folder, this.name);
  }

  /** @throws when the disk refuses. */
  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at);
  }

  /** @throws when the disk refuses: then nothing of it stays. */
  end(): void {
    try {
      closeSync(this.#file);
    } catch (error) {
      rmSync(this.#path, { force: true });
      throw error;
    }
  }

  /** Nothing of it stays. */
  giveUp(): void {
    closeSync(this.#file);
    rmSync(this.#path, { force: true });
  }
}

/** @returns its name, which nobody had, and the file. */
function openNew(folder: string, wanted: string): [string, number] {
  const { name: stem, ext } = parse(wanted);
  for (let number = 1; number <= MOST_NAMESAKES; number += 1) {
    const name = number === 1 ? wanted : `${stem} (${number})${ext}`;
    try {
      return [name, openSync(join(folder, name), 'wx')];
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
  throw new Error(`too many files called ${wanted}`);
}
