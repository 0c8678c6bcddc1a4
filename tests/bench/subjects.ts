import { startHost, type HostProcess } from '../support/processes.ts';
import { child, type Child } from './children.ts';
import type { Crowd } from './crowd.ts';
import { cpuSeconds, extent, pin, sleep } from './measure.ts';
import type { Place } from './member.ts';
import type { SeededRoom } from './rooms.ts';

/** The host as it is shipped, and what it is compared with; and what a load made of them. */

/** Nobody is refused for haste or for coming from one computer: those limits are measured elsewhere. */
export async function hostFor({ directory }: Pick<SeededRoom, 'directory'>): Promise<HostProcess> {
  return startHost(directory, [
    ...['--max-per-address', '10000', '--max-members', '10000', '--allowance', '10000'],
    ...['--guests', 'simple', '--guests-for', '168'],
  ]);
}

export async function openReference(
  kind: 'raw' | 'ws' | 'echo',
  tls: boolean,
): Promise<{ place: Place; child: Child }> {
  const running = child('reference-process.ts');
  const port = Number(await running.call('listen', [kind, tls]));
  return { place: { port, tls, speaks: kind === 'raw' ? 'raw' : 'ws' }, child: running };
}

/** The server on one core, whoever loads it on the other. */
export function apart(server: number, crowd: number): void {
  pin(server, 0);
  pin(crowd, 1);
}

export type Flow = {
  /** Deliveries in a second, at all receivers together. */
  delivered: number;
  /** Messages answered in a second. */
  acknowledged: number;
  /** Of the server, in microseconds for each message. */
  cpuPerMessage: number;
  /** Of the server, in seconds for each million deliveries. */
  cpuPerMillion: number;
  /** Of one core, from 0 to 1. */
  serverBusy: number;
  generatorBusy: number;
};

export const WARM_UP_MS = extent(1_000, 600, 200);
export const MEASURED_MS = extent(4_000, 2_000, 500);

/** What goes on while a load is on. */
export async function flow(pid: number, crowd: Crowd, ms = MEASURED_MS): Promise<Flow> {
  await sleep(WARM_UP_MS);
  const [before, cpuBefore] = [await crowd.counters(), cpuSeconds(pid)];
  await sleep(ms);
  const [after, cpuAfter] = [await crowd.counters(), cpuSeconds(pid)];
  const seconds = (after.at - before.at) / 1000;
  const deliveries = after.delivered - before.delivered;
  const messages = after.acknowledged - before.acknowledged;
  const cpu = cpuAfter - cpuBefore;
  return {
    delivered: deliveries / seconds,
    acknowledged: messages / seconds,
    cpuPerMessage: (cpu / messages) * 1e6,
    cpuPerMillion: (cpu / deliveries) * 1e6,
    serverBusy: cpu / seconds,
    generatorBusy: (after.cpu - before.cpu) / seconds,
  };
}
