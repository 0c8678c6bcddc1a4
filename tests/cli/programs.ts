import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { bundleNode } from '../../scripts/parts/node-bundle.mjs';
import type { RoomSettings } from '../../server/protocol/entities.ts';

/** The program as it is shipped, run as people run it. */

const PROGRAM = fileURLToPath(new URL('../../build/node/host.cjs', import.meta.url));

/** Builds it when nobody has. */
export async function ensureProgram(): Promise<void> {
  if (existsSync(PROGRAM)) return;
  mkdirSync(dirname(PROGRAM), { recursive: true });
  const { files } = await bundleNode({ dev: false });
  for (const [name, contents] of files) writeFileSync(join(dirname(PROGRAM), name), contents);
}

const folders: string[] = [];
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'salon-cli-'));
  folders.push(folder);
  return folder;
}

/** The line that `--json` prints. */
export interface Report {
  url: string;
  port: number;
  pid: number;
  room: { id: string; name: string };
  owner: { code: string; url: string; link: string } | null;
  addresses: string[];
  fingerprint: string;
  settings: RoomSettings;
}

export class Program {
  readonly child: ChildProcess;
  readonly lines: string[] = [];
  errors = '';
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;

  constructor(...flags: string[]) {
    // These tests leave the network of this computer alone.
    const env = { ...process.env, SALON_NO_MULTICAST: '1' };
    this.child = spawn(process.execPath, [PROGRAM, ...flags], { stdio: ['ignore', 'pipe', 'pipe'], env });
    running.add(this.child);
    createInterface({ input: this.child.stdout! }).on('line', (line) => this.lines.push(line));
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    this.ended = once(this.child, 'close').then(([code, signal]: unknown[]) => {
      running.delete(this.child);
      return { code: code as number | null, signal: signal as NodeJS.Signals | null };
    });
  }

  /** The first line, once it is there. @throws with what was said instead. */
  async firstLine(): Promise<string> {
    let over = false;
    void this.ended.then(() => (over = true));
    while (this.lines.length === 0 && !over) await new Promise((resolve) => setTimeout(resolve, 10));
    const line = this.lines[0];
    if (line === undefined) throw new Error(`the host ended: ${this.errors}`);
    return line;
  }

  async report(): Promise<Report> {
    return JSON.parse(await this.firstLine()) as Report;
  }

  async stop(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    this.child.kill(signal);
    return this.ended;
  }
}

/** Runs to its end. */
export async function run(...flags: string[]) {
  const program = new Program(...flags);
  const { code } = await program.ended;
  return { code, lines: program.lines, errors: program.errors };
}
