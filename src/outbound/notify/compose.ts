import type { Message } from '../../domain/deliveries/message.ts'
import { millisecondsOf } from '../../lib/clock.ts'
import { type About, type Content, type Writing, linkTo, writingTo } from './compose-about.ts'
import { letterOf } from './compose-letters.ts'
import { newsOf } from './compose-news.ts'
import type { Letter } from './letter.ts'
import type { Recipient } from './recipient.ts'

/**
 * The only place where it is decided what a recipient reads, by whatever channel, and the preview at the desk too. Several
 * messages are of one conversation, in the order in which they happened, and become one letter.
 */
export function compose(messages: readonly Message[], recipient: Recipient, about: About): Letter {
  const [lead] = messages
  const newest = messages.at(-1)
  if (!lead || !newest) throw new Error('There is nothing to compose a letter of.')
  const writing = writingTo(recipient, newest.at, about)
  const told = messages.flatMap(({ payload }) => (payload.kind === 'told' ? [payload.told] : []))
  const content: Content =
    newest.payload.kind === 'told' ? newsOf(messages, writing) : letterOf(newest.payload, writing)
  return {
    key: keyOf(lead, recipient),
    thread: lead.thread,
    isFirst: recipient.isFirst,
    locale: recipient.locale,
    dir: writing.reader.dir,
    site: { id: about.site.id, name: writing.siteName, url: about.url + writing.reader.href('') },
    ...content,
    leave: content.links.length > 0 ? leaveOf(writing) : null,
    told,
  }
}

/**
 * The same at every attempt, and never that of another letter: a database that was brought back from a backup counts from
 * where it stood then, but the moment at which something happened does not come again.
 */
function keyOf({ number, at }: Message, { id }: Recipient): string {
  return `${number}.${millisecondsOf(at).toString(36)}.${id}`
}

/** Nobody can leave what they have not joined: only letters with a link to leave have it. */
function leaveOf(writing: Writing): Letter['leave'] {
  if (writing.recipient.audience !== 'subscriber') return null
  const url = linkTo('leave', writing)
  const token = url.slice(url.lastIndexOf('/') + 1)
  const { leaveTo } = writing
  return { url, mailto: leaveTo === null ? null : `mailto:${leaveTo}?subject=${encodeURIComponent(token)}` }
}
