/** What a form did, as the page after it says: `?done=published`. */
export const doneWords = {
  published: 'Published.',
  updated: 'Published the update.',
  reopened: 'Opened again.',
  changed: 'Saved.',
  drafted: 'Saved the draft. It waits for you: it no longer publishes itself.',
  kept: 'Saved. Nobody else sees it; it waits here for you.',
  discarded: 'Thrown away. You begin afresh.',
  rescued:
    'You had signed in anew since this page was opened, so nothing was published. Here are your words: send them again.',
  planned: 'It waits for its time. Until then you can take it back.',
  asked: 'It waits until somebody else confirms it.',
  'taken-back': 'Taken back. Here are the words; nobody has seen them.',
  merged: 'Merged. Its systems are part of that incident now.',
  'review-saved': 'Saved the draft of the review. Readers see nothing of it.',
  'review-corrected': 'Published. What was corrected is marked on the page.',
  corrected: 'Published the correction.',
  'taken-down': 'Withdrawn. The page says when and why.',
  dismissed: 'Dismissed the draft. Nobody was told.',
  muted: 'Muted. It goes on checking, and opens nothing.',
  unmuted: 'No longer muted.',
  'taken-over': 'Taken over. Our probes only note what they see.',
  'handed-back': 'Handed back. Our probes write on it from now on.',
  annulled: 'Annulled. The page says what was a false alarm, when and why.',
  announced: 'Announced.',
  started: 'Started.',
  entered: 'Entered.',
  began: 'Begun. Its systems show maintenance.',
  completed: 'Completed.',
  cancelled: 'Cancelled.',
  created: 'Created.',
  ordered: 'Moved.',
  removed: 'Removed.',
  paused: 'Paused: nothing is measured any more.',
  resumed: 'Resumed: the next check is on its way.',
  status: 'Set the status.',
  ended: 'Ended.',
  withdrawn: 'Withdrew the invitation.',
  role: 'Changed the role. They have to sign in again.',
  disabled: 'Disabled. They are signed out everywhere.',
  enabled: 'Enabled.',
  reset: 'Your new password is set. Sign in with it.',
  'reset-asked':
    'If somebody here has this address, a link is on its way to them by mail. It is good for half an hour.',
  connected: 'Connected. You can sign in that way from now on.',
  'former-ended': 'Ended. Only its present secret works now.',
  revoked: 'Revoked. What used it is locked out from now on.',
  password: 'Changed your password. Other browsers are signed out.',
  'factor-added': 'Added. From now on you are asked for it when you sign in. Other browsers are signed out.',
  'factor-removed': 'Removed. Other browsers are signed out.',
  'signed-out': 'Signed out there.',
  'set-up': 'Your page is up. Here is what you run it from.',
  welcome: 'Welcome. Your account is ready.',
} as const

export type Done = keyof typeof doneWords

/** An address with the word of what was done. */
export function done(path: string, what: Done): string {
  return `${path}?done=${what}`
}
