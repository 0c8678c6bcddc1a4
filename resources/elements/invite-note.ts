import { html, nothing } from 'lit';
import { plural, t } from '../locales/locale.ts';
import type { InviteTerms } from '../state/invitation.ts';
import { momentOf } from './moments.ts';
import './salon-icon.ts';

/** What the code that somebody came with allows here. Needs `marks`. */
export function inviteNote(room: string, { role, expiresAt, usesLeft }: InviteTerms) {
  const { invitedTitle, invitedMember, invitedGuest, invitedOwner, usesLeft: uses } = t().door;
  const until = expiresAt === null ? '' : t().invite.until(momentOf(expiresAt));
  const allows = { member: invitedMember(until), guest: invitedGuest(until), owner: invitedOwner }[role];
  return html`<p class="note welcome">
    <salon-icon name="door"></salon-icon><b dir="auto">${invitedTitle(room)}</b>
    <span>${allows} ${usesLeft === null ? nothing : plural(usesLeft, uses)}</span>
  </p>`;
}

/** What the host said of that code instead, and what can be done without it. Needs `marks`. */
export function inviteProblemNote(problem: string, without = '') {
  return html`<p class="note attention">
    <salon-icon name="alert"></salon-icon><span>${problem} ${without}</span>
  </p>`;
}
