import type { Event } from '../../../domain/changes/events.ts'

type OfAlerts = Extract<Event, { type: `alert.${string}` }>

export function isOfAlerts(event: Event): event is OfAlerts {
  return event.type.startsWith('alert.')
}

/** How operators are called, and who had what they were called for. Where a way leads stands in no log. */
export function alertInWords({ type, data }: OfAlerts): string {
  switch (type) {
    case 'alert.taken':
      return `has it: ${data.name}`
    case 'alert.way-added':
      return `added a way in which ${data.name} is called (${data.channel})`
    case 'alert.way-changed':
      return `changed when and for what ${data.name} is called (${data.channel})`
    case 'alert.way-proven':
      return `said that a test to ${data.name} arrived (${data.channel})`
    case 'alert.way-removed':
      return `removed a way in which ${data.name} was called (${data.channel})`
    case 'alert.way-secret-renewed':
      return `made a new secret for a way in which ${data.name} is called (${data.channel})`
  }
}
