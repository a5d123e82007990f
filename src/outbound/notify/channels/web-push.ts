import { createHash } from 'node:crypto'
import { plainText } from '../../../lib/markdown.ts'
import type { Target } from '../../../domain/subscribers/channel.ts'
import type { Channel, Outcome } from '../channel.ts'
import type { Letter } from '../letter.ts'
import { type Reading, post } from '../post.ts'
import { encryptPush, vapidHeader } from '../push-crypto.ts'
import { shortened } from '../shortened.ts'

/** What our own service worker reads: `views/worker/push.js`. */
interface Push {
  readonly title: string
  readonly body: string
  readonly url: string
  /** The same for all of one conversation: a later word takes the place of the earlier. */
  readonly tag: string
  readonly lang: string
  readonly dir: 'ltr' | 'rtl'
  readonly urgency: Letter['urgency']
}

/** How long a push service keeps it for a device that is off: who comes back after a day reads the page. */
const keptSeconds = 86_400
const urgencies = { low: 'low', normal: 'normal', critical: 'high' } as const

/** The push services of browsers: RFC 8030, encrypted by RFC 8291, with our name by RFC 8292. */
export const webPush: Channel = {
  kind: 'web-push',
  joins: 'yes',
  destination: (target) => URL.parse(endpointOf(target))?.host ?? '',
  async send(letter, target, parts) {
    const url = endpointOf(target)
    const topic = topicOf(letter.thread)
    const body = URL.parse(url)?.protocol === 'https:' ? await encryptPush(pushOf(letter, topic), target) : null
    // An address or keys that are none: nothing will ever be read there.
    if (body === null) return { ...unwritable, ends: 'refused' }
    const headers = {
      authorization: await vapidHeader(url, parts.means.push),
      'content-encoding': 'aes128gcm',
      'content-type': 'application/octet-stream',
      ttl: String(keptSeconds),
      urgency: urgencies[letter.urgency],
      // What still waits for the device is replaced as well.
      topic,
    }
    return post(parts, { url, headers, body }, refusal)
  },
}

const unwritable = { became: 'never', reason: 'cannot be written to', code: null, ends: null } satisfies Outcome

/** Push services say by 404, too, that there is no such browser any more (RFC 8030, 7.3). */
const refusal: Reading = ({ status }) => {
  const code = String(status)
  if (status === 404) return { became: 'never', reason: 'gone', code, ends: 'gone' }
  return status === 400 || status === 413 ? { ...unwritable, code } : null
}

function endpointOf({ endpoint = '' }: Target): string {
  return endpoint
}

/** At most 32 characters of base64url (RFC 8030), and nothing of it tells the push service what it is about. */
function topicOf(thread: string): string {
  return createHash('sha256').update(thread).digest('base64url').slice(0, 32)
}

/** Of whatever script, it fits into the 4096 bytes that push services take. */
function pushOf(letter: Letter, tag: string): Buffer {
  const word = letter.words.at(-1)
  const push: Push = {
    title: shortened(letter.subject, 120),
    body: shortened(word ? plainText(word.body) : letter.preheader, 500),
    url: letter.button?.url ?? letter.site.url,
    tag,
    lang: letter.locale,
    dir: letter.dir,
    urgency: letter.urgency,
  }
  return Buffer.from(JSON.stringify(push))
}
