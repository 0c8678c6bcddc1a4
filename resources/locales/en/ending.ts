/** Why a visit is over. `host` is empty when nobody knows who hosts. */
export const ending = {
  removed: (host: string) => `${host === '' ? 'The host' : host} asked you to leave`,
  removedText: 'You can come back with a new invitation.',
  banned: 'You are not let in here any more',
  bannedText: (host: string) =>
    `The owner of this room does not let you in. If you think that is a mistake, ask ${host === '' ? 'them' : host} in person.`,
  guestEnded: 'Your stay as a guest is over',
  guestEndedText: 'The invitation has expired. Ask the host for a new one.',
  version: 'The versions differ',
  versionText:
    'This room and your Salon do not speak the same version. Get the same Salon as the host, then come back.',
  versionPage: 'This page is from another version of Salon than the room. Load it again.',
  versionMine: (version: string) => `You have Salon ${version}.`,
  stillThere: 'You can still read what is here.',
  keepReading: 'Keep reading',
  leave: 'Leave the room',
  reload: 'Try again',
};
