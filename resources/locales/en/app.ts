/** The program itself: what goes wrong around it, and leaving it. Refusals bring their own sentences. */
export const app = {
  noAnswer: 'The room does not answer just now. What you typed stays here; try again in a moment.',
  notTheHost:
    'The host could not show that it knows this account. It may be another computer. Leave, and ask the host in person.',
  unexpected: 'Something went wrong on this computer. Try again; if it stays, reload the page.',
  elsewhereTitle: 'Salon is open in another window',
  elsewhereText: 'It can only be used in one at a time.',
  useHere: 'Use it here',
  returningTitle: 'Salon is starting again',
  returningText: 'One moment. What you wrote is kept.',
  unpluggedTitle: 'Salon has stopped',
  unpluggedText: 'Start Salon again on this computer. What you wrote is kept.',
  noFiles: 'Nothing can be sent from here: the file was not sent.',
  exitTitle: 'Exit Salon?',
  closeTitle: 'Close the room?',
  closeRoom: 'Close the room',
  /** How many others are in the room. */
  closeText: (others: number, people: string) =>
    others === 0
      ? 'Nobody else is here. Everything is kept, and you can open the room again.'
      : `${people} here. They will keep what they have read and can return when you open again.`,
  others: { one: '1 other person is', other: '# other people are' },
  /** `names` is a list of them, at whose end may stand how many more there are. */
  namesAre: (names: string, people: number) => (people === 1 ? `${names} is` : `${names} are`),
  more: { one: '# other', other: '# others' },
};
