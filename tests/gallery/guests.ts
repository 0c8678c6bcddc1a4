import { html, type TemplateResult } from 'lit';
import '../../resources/elements/guest-door.ts';
import { fingerprints } from './people.ts';

/** The door for guests. */

const tonight = new Date().setHours(23, 59, 0, 0);

const guest = (more: object) => {
  setTimeout(() => Object.assign(document.querySelector('guest-door') ?? {}, more), 0);
  return html`<guest-door
    room="Petit Théâtre"
    .fingerprint=${fingerprints[0]}
    .until=${tonight}
  ></guest-door>`;
};

export const guests: Record<string, () => TemplateResult> = {
  guest: () => guest({}),
  'guest-encrypted': () => guest({ channel: 'encrypted' }),
  'guest-code': () => guest({ ask: 'code', room: 'Club de robotique et d’électronique du lycée' }),
  'guest-expired': () =>
    guest({ ask: 'code', inviteProblem: 'That join code has expired. Ask the host for a new one.' }),
  'guest-off': () => guest({ ask: 'off', until: null }),
  'guest-refused': () =>
    guest({
      refusal: { sentence: 'That name is taken, or too close to one that is. Choose another.', field: true },
      lost: true,
    }),
  'guest-app': () => guest({ channel: 'app', canLeave: true }),
};
