import * as v from 'valibot';
import { DataPlace } from '../server/protocol/diagnosis.ts';
import { Id } from '../server/protocol/entities.ts';

/** What the supervisor and its engine say to each other, by the channel that Node gives a process and its child. */

/** The room that is open, and all that is needed to open it again where it was. */
export const OpenRoom = v.object({ roomId: Id, name: v.string(), port: v.number() });
export type OpenRoom = v.InferOutput<typeof OpenRoom>;

/** To the engine. */
export const Order = v.variant('t', [
  v.object({
    t: v.literal('begin'),
    directory: v.string(),
    /** Why there. */
    place: DataPlace,
    /** Of the door, through all engines: a page comes back by itself. */
    token: v.string(),
    /** Where the engine before had its door; 0 for the first. */
    port: v.number(),
    /** Of the shell's page; null when the engine serves the page itself. */
    origin: v.nullable(v.string()),
    /** What Salon was opened with, unless a page has taken it. */
    typed: v.nullable(v.string()),
    /** What the engine before had open. */
    room: v.nullable(OpenRoom),
  }),
  /** Salon was opened once more, with this. */
  v.object({ t: v.literal('open'), typed: v.string(), forNext: v.boolean() }),
  /** These files were dropped on the window. */
  v.object({ t: v.literal('dropped'), paths: v.array(v.string()) }),
  /** Are you there? */
  v.object({ t: v.literal('ping') }),
  /** Close everything, and end after so many milliseconds at the latest. */
  v.object({ t: v.literal('end'), withinMs: v.number() }),
]);
export type Order = v.InferOutput<typeof Order>;

/** From the engine. */
export const Report = v.variant('t', [
  v.object({ t: v.literal('ready'), port: v.number() }),
  v.object({ t: v.literal('room'), room: v.nullable(OpenRoom) }),
  /** A page has what Salon was opened with. */
  v.object({ t: v.literal('taken') }),
  v.object({ t: v.literal('pong') }),
  /** A page asked to end the program. */
  v.object({ t: v.literal('exit') }),
]);
export type Report = v.InferOutput<typeof Report>;

/** How a process is told that it is the engine. */
export const ENGINE = '--engine';

/** The engine's exit status when another one would do no better: it has said why. */
export const CANNOT_START = 2;

/** How long a clean end may take, in milliseconds. A host tells its members and closes within three seconds. */
export const CLEAN_MS = 3_200;
/** The same when the window is gone already. Whatever was acknowledged is on disk. */
export const HURRY_MS = 500;
