/** The sentences of the room and its settings. */
export const room = {};
