import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromiumPath } from './browser.ts';
import { scratch } from './processes.ts';

/**
 * Several computers on one machine: network namespaces on a switch of their own, where cables can be pulled and firewalls
 * put up. They see nothing of the real network, nor it of them.
 */

/** Why there can be none here; null when there can. Only root on Linux may make them. */
export function noNamespaces(): string | null {
  if (process.platform !== 'linux') return 'network namespaces are there on Linux only';
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  for (const tool of ['ip', 'nft']) {
    try {
      execFileSync(tool, ['-V'], { stdio: 'ignore' });
    } catch {
      return `${tool} is not installed`;
    }
  }
  try {
    const name = `salon-try-${process.pid}`;
    execFileSync('ip', ['netns', 'add', name], { stdio: 'ignore' });
    execFileSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
  } catch {
    return 'network namespaces cannot be made here';
  }
  return null;
}

let networks = 0;

/** One computer. */
export class Computer {
  /** Of the namespace. */
  readonly name: string;
  #address: string;
  readonly #card = 'eth0';

  constructor(name: string, address: string) {
    this.name = name;
    this.#address = address;
  }

  get address(): string {
    return this.#address;
  }

  ip(...args: string[]): void {
    execFileSync('ip', ['-n', this.name, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  }

  /** As a router does when its lease ends: another address, the former one gone. */
  moveTo(address: string): void {
    // In this order: with the first address of a network its others go as well.
    this.ip('addr', 'del', `${this.#address}/24`, 'dev', this.#card);
    this.ip('addr', 'add', `${address}/24`, 'dev', this.#card);
    this.#address = address;
  }

  /** Another card that leads nowhere, as virtual machines bring them. */
  addCard(card: string, address: string): void {
    // A pair that leads back here: not every kernel has dummy cards.
    this.ip('link', 'add', card, 'type', 'veth', 'peer', 'name', `${card}x`);
    this.ip('link', 'set', `${card}x`, 'up');
    this.ip('addr', 'add', `${address}/24`, 'dev', card);
    this.ip('link', 'set', card, 'up');
  }

  unplug(): void {
    this.ip('link', 'set', this.#card, 'down');
  }

  plugIn(): void {
    this.ip('link', 'set', this.#card, 'up');
  }

  /** A firewall: whatever comes in and fits is dropped without a word. For example `tcp dport 4870`. */
  drop(what: string): void {
    this.#nft('add table inet salon');
    this.#nft('add chain inet salon input { type filter hook input priority 0 ; }');
    this.#nft(`add rule inet salon input ${what} drop`);
  }

  /** Of all that comes in, so many percent are lost, each packet by itself. */
  lose(percent: number): void {
    this.drop(`numgen random mod 100 < ${percent}`);
  }

  /** What goes out waits for a line that is as narrow, for example `64kbit`. */
  narrow(rate: string): void {
    this.#tc('add', 'tbf', 'rate', rate, 'burst', '4kb', 'latency', '2s');
  }

  widen(): void {
    this.#tc('del');
  }

  dropNothing(): void {
    this.#nft('delete table inet salon');
  }

  /** An executable that starts Chromium on this computer. */
  async chromium(): Promise<string> {
    const path = join(await scratch(), 'chromium');
    writeFileSync(path, `#!/bin/sh\nexec ip netns exec ${this.name} ${chromiumPath()} "$@"\n`);
    chmodSync(path, 0o755);
    return path;
  }

  #tc(what: string, ...line: string[]): void {
    const args = ['-n', this.name, 'qdisc', what, 'dev', this.#card, 'root', ...line];
    execFileSync('tc', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  }

  #nft(rule: string): void {
    execFileSync('ip', ['netns', 'exec', this.name, 'nft', rule], { stdio: ['ignore', 'ignore', 'pipe'] });
  }
}

/** Computers on one switch. */
export class Network {
  readonly computers: readonly Computer[];
  readonly #switch: string;

  private constructor(name: string, computers: Computer[]) {
    this.#switch = name;
    this.computers = computers;
  }

  /** `addresses` are of one /24 network, each for one computer. */
  static make(...addresses: string[]): Network {
    const id = `salon-${process.pid}-${(networks += 1)}`;
    const ip = (...args: string[]) => execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const hub = `${id}-s`;
    ip('netns', 'add', hub);
    ip('-n', hub, 'link', 'add', 'br0', 'type', 'bridge', 'mcast_snooping', '0');
    ip('-n', hub, 'link', 'set', 'br0', 'up');
    const computers = addresses.map((address, i) => {
      const computer = new Computer(`${id}-${i}`, address);
      ip('netns', 'add', computer.name);
      ip(
        'link',
        'add',
        'eth0',
        'netns',
        computer.name,
        'type',
        'veth',
        'peer',
        'name',
        `port${i}`,
        'netns',
        hub,
      );
      ip('-n', hub, 'link', 'set', `port${i}`, 'master', 'br0');
      ip('-n', hub, 'link', 'set', `port${i}`, 'up');
      computer.ip('addr', 'add', `${address}/24`, 'dev', 'eth0');
      computer.ip('link', 'set', 'lo', 'up');
      computer.ip('link', 'set', 'eth0', 'up');
      return computer;
    });
    const network = new Network(hub, computers);
    process.setMaxListeners(0);
    process.once('exit', () => network.close());
    return network;
  }

  /** What goes over the switch. */
  get wire(): { namespace: string; card: string } {
    return { namespace: this.#switch, card: 'br0' };
  }

  close(): void {
    for (const name of [...this.computers.map((computer) => computer.name), this.#switch]) {
      try {
        execFileSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
      } catch {
        // Gone already.
      }
    }
  }
}
