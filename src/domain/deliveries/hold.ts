import { freshSeconds } from '../revisions/revision.ts'

/**
 * So long a message waits before anybody gets it, in seconds: the two minutes in which a typing error is corrected without
 * a word. A mail cannot be called back, so what is wrong in the first minutes would stay in every mailbox. Nothing is
 * exempt, not even what is critical: it is then that people write in haste, and the page itself says it at once.
 */
export const holdSeconds = freshSeconds

/**
 * What is said of one thing so soon after the first word goes out together, when the last of it may: one letter instead of
 * two that ring one after the other. In seconds; the first waits for so much longer at most.
 */
export const togetherSeconds = 60

/** While a later word of those that go together is handed out, those who have the first wait so long for it. In seconds. */
export const meetingSeconds = 15

/** What is so old when somebody comes to it is no news: a restored backup, a machine that stood still. In seconds. */
export const staleSeconds = 24 * 3600
