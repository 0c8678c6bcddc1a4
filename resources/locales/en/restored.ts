/** What is said when a copy took the place of a damaged room, and when something kept could not be read. */
export const restored = {
  restored: (moment: string) =>
    `The room’s file was damaged, and its copy of ${moment} has taken its place. What was written after that is not on the host any more.`,
  behind:
    'The host has an earlier state of this room than this page had. What was written since then is not on the host any more.',
  asideOf: 'Passwords, bans and join codes are as they were then. The damaged file was put aside in',
  stillHere: {
    one: 'This page still has # message of it.',
    other: 'This page still has # messages of it.',
  },
  show: 'Show what is missing',
  sendAgain: { one: 'Send mine again', other: 'Send my # again' },
  goingAgain: { one: 'Your message is on its way again.', other: 'Your # messages are on their way again.' },
  letGo: { one: 'Let mine go', other: 'Let my # go' },
  letGoTitle: { one: 'Let your message go?', other: 'Let your # messages go?' },
  letGoText: {
    one: 'It is on this page only. Once it is gone, nobody can bring it back.',
    other: 'They are on this page only. Once they are gone, nobody can bring them back.',
  },
  keepThem: { one: 'Keep it', other: 'Keep them' },
  gone: { one: 'Your message was let go.', other: 'Your # messages were let go.' },
  understood: 'Understood',
  title: 'Not on the host any more',
  text: 'These messages are on this page only. Your own can be sent again or let go; the others’ authors can send theirs, or you copy them.',
  copyAll: 'Copy all',
  unreadable: {
    one: '# message that waited on this computer could not be read and was put aside; the others are here.',
    other:
      '# messages that waited on this computer could not be read and were put aside; the others are here.',
  },
  unkept: {
    one: '# message could not be kept on this computer. It is here as long as this page is open, and is sent as soon as that is possible.',
    other:
      '# messages could not be kept on this computer. They are here as long as this page is open, and are sent as soon as that is possible.',
  },
  putAside: {
    one: 'A file that Salon keeps on this computer was damaged. It was put aside; a draft or a waiting message may be missing.',
    other:
      '# files that Salon keeps on this computer were damaged. They were put aside; drafts or waiting messages may be missing.',
  },
};
