import { svg } from 'lit';

/** Drawn on 24 × 24 with a stroke of 1.75, in the middle 17: they stand beside text of 15 px without shouting. */
export const icons = {
  /** Towards the start of the line; mirrored where that is on the right. */
  back: svg`<path d="m14 6-6 6 6 6"/>`,
  forward: svg`<path d="m10 6 6 6-6 6"/>`,
  down: svg`<path d="m7 10 5 5 5-5"/>`,
  'arrow-down': svg`<path d="M12 5v13M6 12.5l6 6 6-6"/>`,
  'arrow-up': svg`<path d="M12 19V6M6 11.5l6-6 6 6"/>`,
  alert: svg`<path d="M12 4 3 19h18zM12 10v4M12 16.8v.1"/>`,
  at: svg`<circle cx="12" cy="12" r="3.5"/><path d="M15.5 8.5v4.8c0 3 4.5 2.3 4.5-1.6a8 8 0 1 0-3.2 6.1"/>`,
  ban: svg`<circle cx="12" cy="12" r="8.5"/><path d="m6 6 12 12"/>`,
  bell: svg`<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5c1 1 3 1 4 0"/>`,
  check: svg`<path d="m5 12.5 4.5 4.5L19 7.5"/>`,
  clip: svg`<path d="m19 11-7.5 7.5a4.5 4.5 0 0 1-6.4-6.4L13 4.3a3 3 0 0 1 4.2 4.2l-7.8 7.8a1.5 1.5 0 0 1-2.1-2.1L14 7.5"/>`,
  clock: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>`,
  computer: svg`<rect x="3.5" y="5" width="17" height="11" rx="1.5"/><path d="M9 20h6M12 16v4"/>`,
  copy: svg`<rect x="8.5" y="8.5" width="11" height="11" rx="2"/><path d="M15.5 8.5v-2a2 2 0 0 0-2-2h-7a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h2"/>`,
  door: svg`<path d="M5 21V10a7 7 0 0 1 14 0v11M3 21h18M14.5 13v2"/>`,
  download: svg`<path d="M12 4v11M7 11l5 5 5-5M5 20h14"/>`,
  edit: svg`<path d="m4.5 19.5 1-4L16 5l3 3L8.5 18.5zM14 7l3 3"/>`,
  exit: svg`<path d="M10 4.5H6a1.5 1.5 0 0 0-1.5 1.5v12A1.5 1.5 0 0 0 6 19.5h4M9.5 12h10M16 8.5l3.5 3.5-3.5 3.5"/>`,
  eye: svg`<path d="M2.8 12c2-3.8 5.2-6 9.2-6s7.2 2.2 9.2 6c-2 3.8-5.2 6-9.2 6s-7.2-2.2-9.2-6z"/><circle cx="12" cy="12" r="2.8"/>`,
  'eye-off': svg`<path d="M9.5 6.3A9 9 0 0 1 12 6c4 0 7.2 2.2 9.2 6a13 13 0 0 1-2.5 3.3M6 7.9A12 12 0 0 0 2.8 12c2 3.8 5.2 6 9.2 6 1.7 0 3.2-.4 4.5-1.1M10 10a2.8 2.8 0 0 0 4 4M4 4l16 16"/>`,
  globe: svg`<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c5 5 5 12 0 17-5-5-5-12 0-17"/>`,
  info: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 8v.1"/>`,
  key: svg`<circle cx="8" cy="12" r="4"/><path d="M12 12h9M18 12v3M15 12v2"/>`,
  link: svg`<path d="M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1"/>`,
  lock: svg`<path d="M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3"/>`,
  minus: svg`<path d="M5 12h14"/>`,
  moon: svg`<path d="M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z"/>`,
  more: svg`<path d="M12 6h.01M12 12h.01M12 18h.01" stroke-width="3"/>`,
  offline: svg`<path d="M4 4l16 16M12 19.5v.1M8.5 15.5a5 5 0 0 1 6-.7M5 11.5a10 10 0 0 1 5-2.6M14.5 9a10 10 0 0 1 4.5 2.5M2.5 8A14 14 0 0 1 7 5.3M11.5 4.5A14 14 0 0 1 21.5 8"/>`,
  people: svg`<circle cx="9" cy="9" r="3.5"/><path d="M3 19c.5-3.5 3-5 6-5s5.5 1.5 6 5M15.5 5.7a3.5 3.5 0 0 1 0 6.6M17.5 14.5c2 .6 3.2 2.1 3.5 4.5"/>`,
  person: svg`<circle cx="12" cy="8.5" r="3.8"/><path d="M5 20c.6-4 3.5-5.7 7-5.7s6.4 1.7 7 5.7"/>`,
  'person-add': svg`<circle cx="9.5" cy="8.5" r="3.8"/><path d="M2.8 20c.6-4 3.3-5.7 6.7-5.7 2.4 0 4.5.8 5.7 2.7M18.5 7.5v6M15.5 10.5h6"/>`,
  pin: svg`<path d="M9 4h6l-1 6 3 3v2H7v-2l3-3zM12 15v5"/>`,
  plus: svg`<path d="M12 5v14M5 12h14"/>`,
  print: svg`<path d="M7.5 9V4h9v5M7.5 16.5H6A1.5 1.5 0 0 1 4.5 15v-4.5A1.5 1.5 0 0 1 6 9h12a1.5 1.5 0 0 1 1.5 1.5V15a1.5 1.5 0 0 1-1.5 1.5h-1.5M7.5 14h9v6h-9z"/>`,
  pulse: svg`<path d="M3 12h4l3-7 4 14 3-7h4"/>`,
  qr: svg`<path d="M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 18h2v2h-2zM18 14h2M14 18v2"/>`,
  reply: svg`<path d="m9 7-5 5 5 5M4 12h9a7 7 0 0 1 7 6"/>`,
  retry: svg`<path d="M19.5 12a7.5 7.5 0 1 1-2.2-5.3L19.5 9M19.5 4.5V9H15"/>`,
  search: svg`<circle cx="10.5" cy="10.5" r="6"/><path d="m15 15 5 5"/>`,
  seen: svg`<path d="m2.5 12.5 4 4 8-9M11 15.5l1.2 1 8-9"/>`,
  settings: svg`<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2.2"/><circle cx="9" cy="17" r="2.2"/>`,
  smile: svg`<circle cx="12" cy="12" r="8.5"/><path d="M8.5 14c1 1.5 2.2 2 3.5 2s2.5-.5 3.5-2M9 9.5h.01M15 9.5h.01"/>`,
  sun: svg`<circle cx="12" cy="12" r="4"/><path d="M12 3.5V5M12 19v1.5M3.5 12H5M19 12h1.5M6 6l1 1M17 17l1 1M18 6l-1 1M7 17l-1 1"/>`,
  text: svg`<path d="m3 18 5-12 5 12M4.8 14h6.4M21 18v-5.5a2.5 2.5 0 0 0-5-.2M21 14c-3 0-5.5.5-5.5 2.4 0 2.4 4.5 2.2 5.5-.4"/>`,
  trash: svg`<path d="M4.5 7h15M9.5 7V5a1 1 0 0 1 1-1h3a1 1 0 0 1 1 1v2M6.5 7l.8 12a1 1 0 0 0 1 1h7.4a1 1 0 0 0 1-1l.8-12M10 11v5M14 11v5"/>`,
  unlocked: svg`<path d="M6 11h12v9H6zM8.5 11V7.5a3.5 3.5 0 0 1 6.6-1.6"/>`,
  x: svg`<path d="m6 6 12 12M18 6 6 18"/>`,
};

export type IconName = keyof typeof icons;

/** Those that point along the line of text. */
export const DIRECTIONAL: ReadonlySet<IconName> = new Set<IconName>(['back', 'forward', 'reply', 'exit']);

/** Salon's sign: a speech bubble that is a doorway with a light in it. On 40 × 46. */
export const logo = svg`<path d="M4 40V18a16 16 0 0 1 32 0v22H16l-9 6v-6z" fill="currentColor"/><path d="M13 34V19.5a7 7 0 0 1 14 0V34z" fill="var(--saffron)"/>`;
