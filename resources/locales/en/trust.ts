/** Which room this is: the first meeting with its key, and a key that is another one. */
export const trust = {
  /** `room` is empty while it is not known. */
  meetTitle: (room: string) => (room === '' ? 'A first meeting' : `A first meeting with ${room}`),
  meetText: 'Check that this wallpaper is the same on the host’s screen.',
  meetLater: 'Salon remembers this room by its key: you are asked only this once.',
  cannotCompare: 'Can’t compare pictures?',
  wordsText: 'Read these six words to the host, whose screen shows them too.',
  words: 'Six words of the key',
  same: 'It is the same',
  leave: 'Leave',

  otherTitle: 'This is not the room you knew',
  /** `host` is empty when nobody knows. */
  otherText: (host: string) =>
    `${host === '' ? 'The host' : host} may have set it up again, or another computer answers at this address.`,
  nothingSent: 'Nothing of yours was sent.',
  known: 'The room you knew',
  found: 'What answers now',
  askHost: (host: string) => `Ask ${host === '' ? 'the host' : host}, then accept the new one`,
  sureTitle: (host: string) => `Did ${host === '' ? 'the host' : host} confirm it?`,
  sureText:
    'Accept only if you were told, in person or by telephone, that the room was set up again, and if the host reads you these six words.',
  accept: 'The host confirmed it: accept',
  notYet: 'Not yet',
};
