import { messagesAbout } from '../../domain/deliveries/said.ts'
import { holdSeconds } from '../../domain/deliveries/hold.ts'
import { type Intended, countRecipients, intendedBy } from '../../domain/deliveries/recipients.ts'
import { mailsInHold } from '../../domain/deliveries/taking-back.ts'
import type { ToldSubject } from '../../domain/deliveries/told.ts'
import type { ChannelKind } from '../../domain/subscribers/channel.ts'
import { meansInWords } from './alerts/alert-words.ts'
import type { Desk } from './desk.ts'
import type { Held, Telling } from './subscribers/subscriber-models.ts'
import { duration } from './words.ts'

export const nobodyIsTold = 'No subscriber asked to hear of this: nobody is written to.'

/** Who will hear of it, in a sentence, before it is said. */
export async function whoWillBeTold(
  desk: Pick<Desk, 'db'>,
  intended: Intended,
  after = 'you publish',
): Promise<string> {
  const counts = await countRecipients(desk.db, intended)
  const total = sum(counts)
  if (total === 0) return nobodyIsTold
  const [one] = counts.keys()
  const ways = counts.size === 1 && one ? `by ${wayInWords(one)}` : `${byChannel(counts)}`
  const joint = counts.size === 1 ? ', all ' : ': '
  const told = `${subscribers(total)} will be told ${duration(holdSeconds)} after ${after}`
  return total === 1 && one ? `${told}, ${ways}.` : `${told}${joint}${ways}.`
}

/** What can be taken back, and of what. Nothing where nobody would get it. */
export async function heldMails(
  desk: Pick<Desk, 'db' | 'clock'>,
  of: Partial<Pick<ToldSubject, 'noun' | 'id'>> = {},
): Promise<Held[]> {
  const all = await mailsInHold(desk.db, desk.clock.now())
  const held: Held[] = []
  for (const { number, dueAt, told } of all) {
    if ((of.id ?? told.subject.id) !== told.subject.id || (of.noun ?? told.subject.noun) !== told.subject.noun) continue
    const total = sum(await countRecipients(desk.db, intendedBy(told)))
    if (total === 0) continue
    held.push({ number, name: told.subject.name, path: pathOf(told.subject), dueAt, whom: subscribers(total) })
  }
  return held
}

export async function tellingOf(
  desk: Pick<Desk, 'db' | 'clock'>,
  subject: Pick<ToldSubject, 'noun' | 'id'>,
): Promise<Telling> {
  const all = await messagesAbout(desk.db, subject)
  return {
    held: await heldMails(desk, subject),
    messages: Map.groupBy(all, ({ told }) => told.word?.id ?? ''),
  }
}

/** Where the desk has what a message is about. */
export function pathOf({ noun, id }: Pick<ToldSubject, 'noun' | 'id'>): string {
  return `/admin/${noun}s/${id}`
}

function subscribers(count: number): string {
  return count === 1 ? '1 subscriber' : `${numberWords.format(count)} subscribers`
}

/** `290 by mail and 22 by webhook`, most first. */
function byChannel(counts: ReadonlyMap<ChannelKind, number>): string {
  const parts = [...counts].toSorted(([, a], [, b]) => b - a)
  return and.format(parts.map(([channel, count]) => `${numberWords.format(count)} by ${wayInWords(channel)}`))
}

/** After “by”, of somebody else. */
export function wayInWords(channel: ChannelKind): string {
  return channel === 'web-push' ? 'browser' : meansInWords(channel)
}

function sum(counts: ReadonlyMap<ChannelKind, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0)
}

const numberWords = new Intl.NumberFormat('en')
const and = new Intl.ListFormat('en-GB', { type: 'conjunction' })
