import type { room as en } from '../en/room.ts';

export const room: typeof en = {};
