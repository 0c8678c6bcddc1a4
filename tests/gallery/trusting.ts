import { html, type TemplateResult } from 'lit';
import '../../resources/elements/door-screen.ts';
import '../../resources/elements/end-sheet.ts';
import '../../resources/elements/first-meeting.ts';
import '../../resources/elements/other-key.ts';
import { fingerprints } from './people.ts';

/** Which room this is, what an invitation says at its door, and how a visit ends. */

const room = { id: '01J8ZQ4T7N9X5C2V6B3M1K0H11', name: 'Petit Théâtre' };

const open = (selector: string, inside: string) => {
  setTimeout(
    () => document.querySelector(selector)?.shadowRoot?.querySelector<HTMLElement>(inside)?.click(),
    300,
  );
};

const door = (more: object) => {
  const scene = html`<door-screen
    .fingerprint=${fingerprints[1]}
    .room=${room}
    status="ready"
    mode="signUp"
    access="invited"
  ></door-screen>`;
  setTimeout(() => Object.assign(document.querySelector('door-screen') ?? {}, more), 0);
  return scene;
};

export const trusting: Record<string, () => TemplateResult> = {
  meeting: () => html`<first-meeting .fingerprint=${fingerprints[5]} room="Salle 204"></first-meeting>`,
  'meeting-words': () => {
    open('first-meeting', 'summary');
    return html`<first-meeting
      .fingerprint=${fingerprints[4]}
      room="Club de robotique et d’électronique du lycée"
    ></first-meeting>`;
  },
  'other-key': () =>
    html`<door-screen address="192.168.1.31"></door-screen
      ><other-key .keys=${{ known: fingerprints[1], found: fingerprints[5] }} room="Salle 204"></other-key>`,
  'other-key-sure': () => {
    open('other-key', '.quiet');
    return html`<door-screen address="192.168.1.31"></door-screen
      ><other-key
        .keys=${{ known: fingerprints[1], found: fingerprints[5] }}
        room="Salle 204"
        host="Amélie"
      ></other-key>`;
  },
  'door-invited': () =>
    door({ invite: { role: 'member', expiresAt: Date.now() + 3 * 86_400_000, usesLeft: 4 } }),
  'door-needs-code': () => door({}),
  'door-expired': () =>
    door({ inviteProblem: 'That join code has expired. Ask the host for a new one.', guests: true }),
  'door-encrypted': () => door({ channel: 'encrypted', access: 'open', guests: true, mode: 'signIn' }),
  'end-removed': () => ending('removed', true),
  'end-banned': () => ending('banned', false),
  'end-guest': () => ending('guestEnded', true),
  'end-version': () => ending('version', false),
};

function ending(reason: 'removed' | 'banned' | 'guestEnded' | 'version', history: boolean) {
  return html`<door-screen .fingerprint=${fingerprints[1]} .room=${room} status="ready"></door-screen>
    <end-sheet
      .reason=${reason}
      .fingerprint=${fingerprints[1]}
      host=${history ? 'amelie' : ''}
      version="0.2.0"
      ?history=${history}
      .canLeave=${reason !== 'guestEnded'}
    ></end-sheet>`;
}
