import { freshSeconds } from '../revisions/revision.ts'

/**
 * So long a message waits before anybody gets it, in seconds: the two minutes in which a typing error is corrected without
 * a word. A mail cannot be called back, so what is wrong in the first minutes would stay in every mailbox. Nothing is
 * exempt, not even what is critical: it is then that people write in haste, and the page itself says it at once.
 */
export const holdSeconds = freshSeconds

/** What is so old when somebody comes to it is no news: a restored backup, a machine that stood still. In seconds. */
export const staleSeconds = 24 * 3600
