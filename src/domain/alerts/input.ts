import { type Static, choice, fields, line, list, whole } from '../../lib/fields.ts'
import { channelKinds } from '../subscribers/channel.ts'
import { alertKinds } from './alert.ts'

/** A day: later it is no call any more. */
const mostMinutes = 24 * 60

const wishes = {
  name: line(60),
  kinds: list(choice(alertKinds), alertKinds.length),
  afterMinutes: whole(0, mostMinutes),
}

/** A new way to be called; where it leads is read by the kind of its channel. */
export const newWay = fields({ channel: choice(channelKinds), ...wishes })
export type NewWay = Static<typeof newWay>

/** What of it can be changed: a way that leads elsewhere is another one. */
export const wayWishes = fields(wishes)
export type WayWishes = Static<typeof wayWishes>
