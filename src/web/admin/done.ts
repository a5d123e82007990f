/** What a form did, as the page after it says: `?done=published`. */
export const doneWords = {
  published: 'Published.',
  updated: 'Published the update.',
  reopened: 'Opened again.',
  changed: 'Saved.',
  drafted: 'Saved the draft. It waits for you: it no longer publishes itself.',
  dismissed: 'Dismissed the draft. Nobody was told.',
  announced: 'Announced.',
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
  revoked: 'Revoked. What used it is locked out from now on.',
  password: 'Changed your password. Other browsers are signed out.',
  'set-up': 'Your page is up. Here is what you run it from.',
  welcome: 'Welcome. Your account is ready.',
} as const

export type Done = keyof typeof doneWords

/** An address with the word of what was done. */
export function done(path: string, what: Done): string {
  return `${path}?done=${what}`
}
