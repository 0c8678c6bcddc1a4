import { html, render, type TemplateResult } from 'lit';
import '../../resources/elements/confirm-dialog.ts';
import '../../resources/elements/member-portrait.ts';
import '../../resources/elements/room-wallpaper.ts';
import '../../resources/elements/salon-icon.ts';
import '../../resources/elements/salon-toasts.ts';
import '../../resources/elements/door-screen.ts';
import '../../resources/elements/recovery-kit.ts';
import { icons, type IconName } from '../../resources/icons/icons.ts';
import { setLanguage } from '../../resources/locales/locale.ts';
import { applyLook } from '../../resources/styles/look.ts';
import { fingerprints } from './people.ts';
import { joining } from './joining.ts';
import { guests } from './guests.ts';
import { trusting } from './trusting.ts';
import { examining } from './examining.ts';

/** One screen of the interface in one state; `?look=evening&language=fr&text=20&plain` before the hash. */
const scenes: Record<string, () => TemplateResult> = {
  wallpapers: () =>
    html`<div class="sheet">
      ${Array.from({ length: 8 }, (_, motif) =>
        Array.from(
          { length: 6 },
          (__, colour) =>
            html`<room-wallpaper
              .seed=${Uint8Array.of(motif, (motif * 3 + colour * 2 + (motif > 3 ? 1 : 0)) % 12, colour, 0, colour, motif, colour, colour)}
            ></room-wallpaper>`,
        ),
      )}
    </div>`,
  swatches: () =>
    html`<div class="row">
      ${Array.from({ length: 60 }, (_, at) => html`<room-wallpaper swatch .scale=${0.65} .seed=${`room-${at}`}></room-wallpaper>`)}
    </div>`,
  icons: () =>
    html`<div class="row">
        ${(Object.keys(icons) as IconName[]).map((name) => html`<span title=${name}><salon-icon name=${name}></salon-icon> ${name}</span>`)}
      </div>
      <div class="row">
        ${['Amélie', 'Bruno', 'Chloé', 'Dmitri', 'ismail12', 'Farah', 'Grace', 'Հայկ', 'Zoë', '李', '🎭'].map(
          (name, at) =>
            html`<member-portrait
              name=${name}
              .presence=${at % 3 === 0 ? 'here' : at % 3 === 1 ? 'away' : null}
            ></member-portrait>`,
        )}
        <member-portrait name="Front" guest presence="here"></member-portrait>
        <member-portrait name="Small" size="small" presence="away"></member-portrait>
        <member-portrait name="Large" size="large" presence="here"></member-portrait>
      </div>`,
  toasts: () =>
    html`<salon-toasts
      .toasts=${[
        { id: '1', text: 'Back. 2 messages sent.', tone: 'good' as const },
        { id: '2', text: 'Message deleted.', action: 'Undo' },
        {
          id: '3',
          text: 'The host’s disk is almost full. Files are paused; messages still work.',
          tone: 'loss' as const,
        },
      ]}
    ></salon-toasts>`,
  confirm: () =>
    html`<confirm-dialog
      open
      heading="Close the room?"
      text="Three people are still here: Bruno, Chloé and Farah. They are told, and what they wrote is kept."
      confirm-label="Close the room"
      danger
    ></confirm-dialog>`,
};

Object.assign(scenes, joining, trusting, guests, examining);

const room = { id: '01J8ZQ4T7N9X5C2V6B3M1K0H11', name: 'Petit Théâtre' };
const people = [
  { username: 'amelie', name: 'Amélie' },
  { username: 'bruno', name: 'Bruno' },
  { username: 'chloe.de.la.tour', name: 'Chloé de la Tour d’Auvergne' },
];

/** As if somebody typed: what the fields hold is inside the element. */
async function typeInto(scene: string, values: Record<string, string>) {
  await new Promise((resolve) => setTimeout(resolve, 150));
  const inside = document.querySelector(scene)?.shadowRoot;
  for (const [field, value] of Object.entries(values)) {
    const input = inside?.querySelector<HTMLInputElement>(`#${field}`);
    if (!input) continue;
    input.value = value;
    input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    input.dispatchEvent(new FocusEvent('focusout', { bubbles: true, composed: true }));
  }
}

Object.assign(scenes, {
  'sign-in': () =>
    html`<door-screen
      .fingerprint=${fingerprints[0] ?? ''}
      .room=${room}
      status="ready"
      .people=${people}
      address="192.168.1.24"
    ></door-screen>`,
  'sign-in-wrong': () => {
    void typeInto('door-screen', { username: 'amelie', password: 'quatre saisons' }).then(() => {
      const door = document.querySelector('door-screen');
      if (door) door.refusal = { code: 'BAD_LOGIN', sentence: 'That name or password is not right.' };
    });
    return html`<door-screen
      .fingerprint=${fingerprints[0] ?? ''}
      .room=${room}
      status="ready"
      .people=${people}
    ></door-screen>`;
  },
  'sign-in-wait': () =>
    html`<door-screen
      .fingerprint=${fingerprints[0] ?? ''}
      .room=${room}
      status="ready"
      .waitUntil=${Date.now() + 30_000}
    ></door-screen>`,
  'sign-up': () =>
    html`<door-screen
      .fingerprint=${fingerprints[0] ?? ''}
      .room=${room}
      status="ready"
      mode="signUp"
    ></door-screen>`,
  'sign-up-free': () => {
    void typeInto('door-screen', {
      lastName: 'Hopper',
      firstName: 'Grace',
      username: 'grace',
      password: 'three wet umbrellas',
    });
    return html`<door-screen
      .fingerprint=${fingerprints[0] ?? ''}
      .room=${room}
      status="ready"
      mode="signUp"
      .usernameProblem=${null}
      channel="encrypted"
      guests
    ></door-screen>`;
  },
  'sign-up-problems': () => {
    void typeInto('door-screen', {
      lastName: 'Hopper 4',
      firstName: 'Gr@ce',
      username: 'two words',
      password: 'password',
    });
    return html`<door-screen
      .fingerprint=${fingerprints[0] ?? ''}
      .room=${{ ...room, name: 'Club de robotique et d’électronique du lycée' }}
      status="lost"
      mode="signUp"
    ></door-screen>`;
  },
  'sign-up-busy': () =>
    html`<door-screen
      .fingerprint=${fingerprints[0] ?? ''}
      .room=${room}
      status="ready"
      mode="signUp"
      busy="locking"
    ></door-screen>`,
  'sign-up-owner': () =>
    html`<door-screen
      .fingerprint=${fingerprints[0] ?? ''}
      .room=${room}
      status="ready"
      needs-owner
      .ownerCode=${'x'}
    ></door-screen>`,
  'owner-waits': () =>
    html`<door-screen
      .fingerprint=${fingerprints[0] ?? ''}
      .room=${room}
      status="ready"
      needs-owner
    ></door-screen>`,
  forgot: () =>
    html`<door-screen
      .fingerprint=${fingerprints[0] ?? ''}
      .room=${room}
      status="ready"
      mode="forgot"
    ></door-screen>`,
  connecting: () => html`<door-screen status="connecting" address="192.168.1.24:4870"></door-screen>`,
  unreachable: () =>
    html`<door-screen status="lost" address="192.168.1.24:4870" .canLeave=${false}></door-screen>`,
  kit: () =>
    html`<door-screen
        .fingerprint=${fingerprints[0] ?? ''}
        .room=${room}
        status="ready"
        mode="signUp"
      ></door-screen>
      <recovery-kit
        open
        .room=${room}
        .fingerprint=${fingerprints[0] ?? ''}
        username="grace"
        code="7FK2Q-M9XTB-4HNWC-R6PVD-3ZGYJ"
      ></recovery-kit>`,
});

document.documentElement.addEventListener('change-settings', ({ settings }) => {
  if (settings.language) void setLanguage(settings.language);
  if (settings.look) applyLook({ look: settings.look, textSize: 15, plainWallpaper: false });
});
document.documentElement.addEventListener('dismissed', ({ target }) => {
  if (target instanceof HTMLElement && 'open' in target) target.open = false;
});

const query = new URLSearchParams(location.search);
await setLanguage(query.get('language') === 'fr' ? 'fr' : 'en');
applyLook({
  look: query.get('look') === 'evening' ? 'evening' : query.get('look') === 'system' ? 'system' : 'day',
  textSize: Number(query.get('text') ?? 15),
  plainWallpaper: query.has('plain'),
});
document.documentElement.dir = query.get('dir') ?? 'ltr';

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  .sheet { display: grid; grid-template-columns: repeat(6, 1fr); gap: 6px; padding: 6px }
  .sheet > * { block-size: 130px }
  .row { display: flex; flex-wrap: wrap; gap: 12px; padding: 20px; background: var(--paper) }
`);
document.adoptedStyleSheets.push(sheet);

function show() {
  const scene = scenes[location.hash.slice(1)];
  render(
    scene?.() ??
      html`<ul>
        ${Object.keys(scenes).map((name) => html`<li><a href="#${name}">${name}</a></li>`)}
      </ul>`,
    document.body,
  );
}

addEventListener('hashchange', show);
show();
