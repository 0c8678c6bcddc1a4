import { html, nothing } from 'lit';
import { formatDay, formatTime, relativeDay, t } from '../locales/locale.ts';
import type { ConversationState } from '../state/conversation.ts';
import type { RoomState } from '../state/room.ts';
import type { Row } from '../state/rows.ts';
import './member-portrait.ts';
import './room-wallpaper.ts';
import './salon-icon.ts';
import { isNotes, nameOf, namesOf, ownerOf, titleOf } from './titles.ts';

/** Rows that stand for something that happened, and that one can go to. */
export type EventRow = Extract<Row, { kind: 'message' | 'joined' | 'renamed' | 'start' }>;

export function isEventRow(row: Row): row is EventRow {
  return row.kind !== 'day' && row.kind !== 'new';
}

const WEEK_MS = 6 * 86_400_000;

/** A line of the timeline that nobody wrote. */
export function timelineLine(room: RoomState, conversation: ConversationState, row: Exclude<Row, { kind: 'message' }>) {
  const { newSince, joined, renamed } = t().room;
  switch (row.kind) {
    case 'day':
      return html`<div class="day">${formatDay(row.at)}</div>`;
    case 'new':
      return html`<div class="new">${newSince(formatTime(row.at))}</div>`;
    case 'joined':
      return system('door', joined(nameOf(room, row.memberId)), row.at);
    case 'renamed':
      return system('edit', renamed(row.from, row.to), row.at);
    case 'start':
      return conversation.kind === 'lobby' ? roomBegins(room, row) : directBegins(room, conversation, row);
  }
}

function system(icon: 'door' | 'edit', text: string, at: number) {
  return html`<p class="system">
    <salon-icon name=${icon}></salon-icon><span dir="auto">${text}</span><span aria-hidden="true">·</span
    ><time datetime=${new Date(at).toISOString()}>${formatTime(at)}</time>
  </p>`;
}

function roomBegins(state: RoomState, row: Extract<Row, { kind: 'start' }>) {
  const { room } = state;
  const { openedBy, onDay, emptyLobby } = t().room;
  const at = row.at ?? room.openedAt;
  const day = Date.now() - at < WEEK_MS ? relativeDay(at) : onDay(relativeDay(at));
  const owner = ownerOf(state)?.username ?? '';
  return html`<div class="start">
    <room-wallpaper swatch .seed=${room.id} .scale=${0.65}></room-wallpaper>
    <h2 dir="auto">${room.name}</h2>
    <p dir="auto">${openedBy(room.name, day, owner)}</p>
    ${row.isEmpty ? html`<p>${emptyLobby}</p>` : nothing}
  </div>`;
}

function directBegins(room: RoomState, conversation: ConversationState, row: Extract<Row, { kind: 'start' }>) {
  const { beginningDirect, beginningNotes, emptyDirect } = t().room;
  const { others } = conversation;
  const notes = isNotes(room, conversation);
  return html`<div class="start">
    <span class="portraits">
      ${others
        .slice(0, 4)
        .map(
          (id) => html`<member-portrait size="large" name=${nameOf(room, id)} member-id=${id}></member-portrait>`,
        )}
    </span>
    <h2 dir="auto">${titleOf(room, conversation)}</h2>
    <p dir="auto">${notes ? beginningNotes : beginningDirect(namesOf(room, others))}</p>
    ${row.isEmpty ? html`<p>${emptyDirect}</p>` : nothing}
  </div>`;
}
