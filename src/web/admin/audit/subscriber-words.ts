import type { Event } from '../../../domain/changes/events.ts'

type OfSubscribers = Extract<Event, { type: `subscriber.${string}` }>

export function isOfSubscribers(event: Event): event is OfSubscribers {
  return event.type.startsWith('subscriber.')
}

/** What operators and their programs did to those who are told. Who these are stands in no log. */
export function subscriberInWords({ type, data }: OfSubscribers): string {
  switch (type) {
    case 'subscriber.added':
      return `added ${counted(data.added)}`
    case 'subscriber.removed':
      return `removed ${counted(data.removed)}`
    case 'subscriber.asked':
      return `asked ${counted(data.asked)} to confirm`
    case 'subscriber.changed':
      return `changed what a subscriber is told of (${data.channel})`
    case 'subscriber.paused':
      return `paused a subscriber (${data.channel})`
    case 'subscriber.resumed':
      return `let a subscriber that was paused go on (${data.channel})`
    case 'subscriber.secret_renewed':
      return `gave a subscriber a new secret (${data.channel})`
    case 'subscriber.tested':
      return `sent a test to a subscriber (${data.channel})`
    case 'subscriber.exported':
      return 'took the list of all subscribers away'
    case 'subscriber.reactivated':
      return `let ${counted(data.reactivated)} be told again`
    case 'subscriber.suppressed':
      return `put an address on the list of those who are never told (${data.channel})`
    case 'subscriber.unsuppressed':
      return `took an address from the list of those who are never told (${data.channel})`
  }
}

function counted(count: number): string {
  return `${count} ${count === 1 ? 'subscriber' : 'subscribers'}`
}
