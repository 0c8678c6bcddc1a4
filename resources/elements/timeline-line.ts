import { html, nothing } from 'lit';
import type { Id } from '../../server/protocol/entities.ts';
import { formatDay, formatTime, relativeDay, t } from '../locales/locale.ts';
import type { ConversationState } from '../state/conversation.ts';
import type { RoomState } from '../state/room.ts';
import type { Row } from '../state/rows.ts';
import './member-portrait.ts';
import './room-wallpaper.ts';
import './salon-icon.ts';
import { isNotes, isolated, nameOf, namesOf, ownerOf, titleOf } from './titles.ts';

/** Rows that stand for something that happened, and that one can go to. */
export type EventRow = Extract<Row, { kind: 'message' | 'joined' | 'left' | 'renamed' | 'start' }>;

export function isEventRow(row: Row): row is EventRow {
  return row.kind !== 'day' && row.kind !== 'new';
}

const WEEK_MS = 6 * 86_400_000;

type Line = Exclude<Row, { kind: 'message' }>;

/** What such a line says, without its time. */
export function lineText(room: RoomState, conversation: ConversationState, row: Line): string {
  const { newSince, joined, guestCame, guestLeft, renamed, beginningDirect, beginningNotes, beginningGuest } =
    t().room;
  switch (row.kind) {
    case 'day':
      return formatDay(row.at);
    case 'new':
      return newSince(formatTime(row.at));
    case 'joined':
      return (isGuest(room, row.memberId) ? guestCame : joined)(nameOf(room, row.memberId));
    case 'left':
      return guestLeft(nameOf(room, row.memberId));
    case 'renamed':
      return renamed(isolated(row.from), isolated(row.to));
    case 'start':
      if (row.isCutOff) return beginningGuest(room.room.name);
      if (conversation.kind === 'lobby') return openingOf(room, row.at ?? room.room.openedAt);
      return isNotes(room, conversation)
        ? beginningNotes
        : beginningDirect(namesOf(room, conversation.others));
  }
}

/** A line of the timeline that nobody wrote. */
export function timelineLine(room: RoomState, conversation: ConversationState, row: Line) {
  const text = lineText(room, conversation, row);
  switch (row.kind) {
    case 'day':
      return html`<div class="day">${text}</div>`;
    case 'new':
      return html`<div class="new">${text}</div>`;
    case 'joined':
    case 'left':
    case 'renamed':
      return html`<p class="system">
        <salon-icon name=${row.kind === 'renamed' ? 'edit' : 'door'}></salon-icon><span>${text}</span
        ><span aria-hidden="true">·</span
        ><time datetime=${new Date(row.at).toISOString()}>${formatTime(row.at)}</time>
      </p>`;
    case 'start':
      return beginning(room, conversation, text, row.isEmpty);
  }
}

function isGuest(room: RoomState, id: Id): boolean {
  return room.members.get(id)?.role === 'guest';
}

function openingOf(room: RoomState, at: number): string {
  const { openedBy, onDay } = t().room;
  const day = Date.now() - at < WEEK_MS ? relativeDay(at) : onDay(relativeDay(at));
  return openedBy(room.room.name, day, ownerOf(room)?.username ?? '');
}

function beginning(room: RoomState, conversation: ConversationState, text: string, isEmpty: boolean) {
  const { emptyLobby, emptyDirect } = t().room;
  const isLobby = conversation.kind === 'lobby';
  return html`<div class="start">
    ${
      isLobby
        ? html`<room-wallpaper swatch .seed=${room.fingerprint} .scale=${0.65}></room-wallpaper>`
        : html`<span class="portraits"
            >${conversation.others.slice(0, 4).map((id) => portrait(room, id))}</span
          >`
    }
    <h2><bdi>${isLobby ? room.room.name : titleOf(room, conversation)}</bdi></h2>
    <p>${text}</p>
    ${isEmpty ? html`<p>${isLobby ? emptyLobby : emptyDirect}</p>` : nothing}
  </div>`;
}

function portrait(room: RoomState, id: Id) {
  return html`<member-portrait
    size="large"
    name=${room.members.get(id)?.username ?? ''}
    member-id=${id}
  ></member-portrait>`;
}
