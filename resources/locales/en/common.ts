/** Words that more than one screen uses. */
export const common = {
  close: 'Close',
  cancel: 'Cancel',
  copy: 'Copy',
  copied: 'Copied',
  tryNow: 'Try now',
  exit: 'Exit',
  leave: 'Leave the room',
  showPassword: 'Show password',
  hidePassword: 'Hide password',
  /** Of the region where short notices appear. */
  notices: 'Notices',
  dismissNotice: 'Dismiss',
  here: 'Here',
  away: 'Away',
  offline: 'Not here',
  discardTitle: 'Leave without finishing?',
  discardText: 'What you typed here is not kept.',
  discard: 'Discard',
  keepEditing: 'Keep editing',
};
