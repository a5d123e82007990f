import { type Harm, type Listener, type Story, severityNames } from './whom.ts'

/**
 * Who hears what, in as few words as possible and without a database: written from what was decided, not from the code. The
 * story tells it what was done and not refused.
 */
export interface Model {
  opens(
    word: string,
    harms: readonly Harm[],
    about: { override: string | null; isOver: boolean; deliver: string },
  ): void
  posts(
    incident: number,
    word: string,
    harms: readonly Harm[],
    about: { event: string; stage: string; deliver: string },
  ): void
  reviews(incident: number, word: string, as: string): void
  announces(word: string, components: readonly number[], deliver: string): void
  works(maintenance: number, word: string, event: string): void
  notices(word: string): void
  corrects(word: string, now: string, deliver: string): void
  withdraws(word: string, reason: string): void
  takesBack(label: string): void
  moves(component: number, to: number | null): void
  /**
   * Two minutes and more pass; answers what each listener hears by then, of what, and whether it rings through quiet hours,
   * together with what they were to hear of the same in the morning.
   */
  waits(): Heard[]
}

export interface Heard {
  readonly listener: number
  readonly label: string
  readonly thing: object
  readonly isCritical: boolean
}

interface Thing {
  readonly kind: 'incident' | 'maintenance' | 'notice'
  readonly components: Set<number>
  severity: number
  isFixed: boolean
}

interface Mail {
  readonly thing: Thing
  readonly kind: string
  readonly event: string
  readonly moment: 'begins' | 'goes on' | 'ends'
  readonly word: string
  readonly severity: number
  readonly components: ReadonlySet<number>
  text: string
  state: 'held' | 'sent' | 'gone'
}

const weights: Readonly<Record<string, number>> = { degraded_performance: 1, partial_outage: 2, major_outage: 3 }

export function model({ groups, listeners }: Pick<Story, 'groups' | 'listeners'>): Model {
  const groupOf = [...groups]
  const incidents: Thing[] = []
  const maintenances: Thing[] = []
  const mails: Mail[] = []
  const following = new Set(listeners.flatMap(({ first }, index) => (first ? [index] : [])))

  const write = (thing: Thing, mail: Pick<Mail, 'kind' | 'event' | 'moment' | 'word' | 'text'>): void => {
    const { severity, components } = thing
    mails.push({ ...mail, thing, severity, components: new Set(components), state: 'held' })
  }
  const harm = (thing: Thing, harms: readonly Harm[]): void => {
    for (const [component, status] of harms) {
      thing.components.add(component)
      if (!thing.isFixed) thing.severity = Math.max(thing.severity, weights[status] ?? 0)
    }
  }
  const of = (word: string): Mail[] => mails.filter((mail) => mail.word === word)
  const hears = (listener: Listener, number: number, mail: Mail): boolean => {
    if (listener.state !== 'listens') return false
    if (!listener.kinds.includes(mail.kind)) return false
    if (listener.extent === 'ends' && mail.moment === 'goes on') return false
    const asksHowSevere = mail.kind === 'incident' || mail.kind === 'review'
    if (asksHowSevere && mail.severity < severityNames.indexOf(listener.severityFrom)) return false
    if (listener.everything) return true
    if (mail.thing === incidents[0] && following.has(number)) return true
    for (const component of mail.components) {
      if (listener.components.includes(component)) return true
      const group = groupOf[component]
      if (group !== null && group !== undefined && listener.groups.includes(group)) return true
    }
    return false
  }

  return {
    opens(word, harms, { override, isOver, deliver }) {
      const thing: Thing = {
        kind: 'incident',
        components: new Set(),
        severity: override === null ? 0 : severityNames.indexOf(override),
        isFixed: override !== null,
      }
      incidents.push(thing)
      harm(thing, harms)
      const moment = isOver ? 'ends' : 'begins'
      if (deliver === 'yes') write(thing, { kind: 'incident', event: 'incident.opened', moment, word, text: word })
    },
    posts(incident, word, harms, { event, stage, deliver }) {
      const thing = incidents[incident]
      if (!thing) return
      harm(thing, harms)
      const moment = event === 'incident.reopened' ? 'begins' : stage === 'resolved' ? 'ends' : 'goes on'
      if (deliver === 'yes') write(thing, { kind: 'incident', event, moment, word, text: word })
    },
    reviews(incident, word, as) {
      const thing = incidents[incident]
      const moment = as === 'final' ? 'ends' : 'begins'
      for (const mail of mails) {
        const isFormer = mail.thing === thing && mail.kind === 'review' && mail.state === 'held'
        if (isFormer) mail.state = 'gone'
      }
      if (thing) write(thing, { kind: 'review', event: 'review.published', moment, word, text: word })
    },
    announces(word, components, deliver) {
      const thing: Thing = {
        kind: 'maintenance',
        components: new Set(components),
        severity: 0,
        isFixed: true,
      }
      maintenances.push(thing)
      const mail = { kind: 'maintenance', event: 'maintenance.announced', moment: 'begins', word, text: word } as const
      if (deliver === 'yes') write(thing, mail)
    },
    works(maintenance, word, event) {
      const thing = maintenances[maintenance]
      const moment =
        event === 'maintenance.began' ? 'begins' : event === 'maintenance.updated' ? 'goes on' : ('ends' as const)
      if (thing) write(thing, { kind: 'maintenance', event, moment, word, text: word })
    },
    notices(word) {
      const thing: Thing = { kind: 'notice', components: new Set(), severity: 0, isFixed: true }
      write(thing, { kind: 'notice', event: 'notice.published', moment: 'begins', word, text: word })
    },
    corrects(word, now, deliver) {
      const held = of(word).filter(({ state }) => state === 'held')
      for (const mail of held) mail.text = now
      if (held.length > 0 || deliver === 'no') return
      const sent = of(word).findLast(({ state }) => state === 'sent')
      const thing = thingOf(word)
      if (!thing) return
      const mail = { kind: thing.kind, event: 'update.corrected', moment: sent?.moment ?? 'goes on', word, text: now }
      write(thing, mail as Mail)
    },
    withdraws(word, reason) {
      const sent = of(word).findLast(({ state }) => state === 'sent')
      for (const mail of of(word)) if (mail.state === 'held') mail.state = 'gone'
      if (!sent) return
      const { kind, moment } = sent
      write(sent.thing, { kind, event: 'update.withdrawn', moment, word: `${word} withdrawn`, text: reason })
    },
    takesBack(label) {
      const mail = mails.find((one) => one.state === 'held' && labelOf(one) === label)
      if (!mail) throw new Error(`Nothing that is held says ${label}.`)
      mail.state = 'gone'
    },
    moves(component, to) {
      groupOf[component] = to
    },
    waits() {
      const heard: Heard[] = []
      for (const mail of mails.filter(({ state }) => state === 'held')) {
        mail.state = 'sent'
        for (const [number, listener] of listeners.entries()) {
          if (!hears(listener, number, mail)) continue
          heard.push({ listener: number, label: labelOf(mail), thing: mail.thing, isCritical: isCritical(mail) })
        }
      }
      return heard
    },
  }

  /** Also of a word that was said silently. */
  function thingOf(word: string): Thing | undefined {
    const [kind, number] = word.split(' ')
    return (kind === 'incident' ? incidents : maintenances)[Number(number)]
  }
}

function isCritical(mail: Mail): boolean {
  return mail.thing.kind === 'incident' && mail.severity === 3
}

function labelOf({ event, text }: Mail): string {
  return `${event}: ${text}`
}
