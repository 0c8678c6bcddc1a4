import { child, type Child } from './children.ts';
import type { Place } from './member.ts';

/** Many members in one process of their own: the load. */

export interface Load {
  /** The first so many members speak. */
  senders: number;
  /** Unanswered messages of each sender that are on their way at any time. */
  window: number;
  /** Instead of a window: so many messages in a second by all together. */
  perSecond?: number;
  bodyBytes: number;
  /** Where each sender speaks, or where all do. */
  where: string | readonly string[];
  /** Times one of so many deliveries, and every answer. */
  sampleEvery?: number;
}

export interface Counters {
  /** In milliseconds. */
  at: number;
  /** The generator's own, in seconds. */
  cpu: number;
  delivered: number;
  acknowledged: number;
  posted: number;
  bytes: number;
}

export interface CrowdMethods {
  /** Lets so many in, `atOnce` at a time, each by its token. How many milliseconds it took. */
  connect(place: Place, tokens: readonly string[], atOnce: number): Promise<number>;
  start(load: Load): Promise<void>;
  counters(): Promise<Counters>;
  /** Stops speaking and waits until each message has reached so many members. @throws Error when one has not. */
  finish(listenersOfEach: number): Promise<{ deliveryMs: number[]; answerMs: number[] }>;
  ask(member: number, command: string, input: object): Promise<unknown>;
  /** Asks one after the other. In milliseconds. */
  timed(member: number, asks: readonly (readonly [string, object])[]): Promise<number[]>;
  /** How many connections are open. */
  open(): Promise<number>;
  leave(): Promise<void>;
}

export type Crowd = CrowdMethods & Pick<Child, 'pid' | 'end'>;

export function openCrowd(): Crowd {
  const process = child('crowd-process.ts');
  const call =
    <M extends keyof CrowdMethods>(method: M) =>
    (...args: Parameters<CrowdMethods[M]>) =>
      process.call(method, args) as ReturnType<CrowdMethods[M]>;
  return {
    connect: call('connect'),
    start: call('start'),
    counters: call('counters'),
    finish: call('finish'),
    ask: call('ask'),
    timed: call('timed'),
    open: call('open'),
    leave: call('leave'),
    pid: process.pid,
    end: process.end,
  };
}
