/** The sound of a new message: two short notes, made here so that there is no file to fetch. */

/** In hertz, each beginning so many seconds after the first. */
const NOTES = [
  { hertz: 659.26, after: 0 },
  { hertz: 987.77, after: 0.11 },
];
const RING_SECONDS = 0.32;
const LOUDNESS = 0.16;
export const CHIME_SECONDS = 0.11 + RING_SECONDS;

/** A sound that comes later than this tells nobody anything. In milliseconds. */
const LATEST_MS = 1_000;

let context: AudioContext | null = null;
let isWaiting = false;

/** Nothing is heard before somebody has touched the page: the browser decides that. */
export async function chime(): Promise<void> {
  if (isWaiting) return;
  isWaiting = true;
  const asked = performance.now();
  try {
    context ??= new AudioContext();
    if (context.state === 'suspended') await context.resume();
    if (performance.now() - asked < LATEST_MS) ring(context, context.currentTime);
  } catch {
    // No card, or nobody may use it: the rest tells.
  } finally {
    isWaiting = false;
  }
}

/** Writes the notes into `target`, from `start` on, in seconds. */
export function ring(target: BaseAudioContext, start: number): void {
  for (const { hertz, after } of NOTES) {
    const tone = new OscillatorNode(target, { type: 'sine', frequency: hertz });
    const volume = new GainNode(target, { gain: 0 });
    const from = start + after;
    // Struck, and dying away: a tone that stops at once clicks.
    volume.gain.setValueAtTime(0, from);
    volume.gain.linearRampToValueAtTime(LOUDNESS, from + 0.012);
    volume.gain.exponentialRampToValueAtTime(0.0008, from + RING_SECONDS);
    tone.connect(volume).connect(target.destination);
    tone.start(from);
    tone.stop(from + RING_SECONDS);
  }
}
