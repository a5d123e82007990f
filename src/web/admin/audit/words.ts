import type { Actor } from '../../../domain/changes/actor.ts'
import type { EngineNote, Event } from '../../../domain/changes/events.ts'
import { messages } from '../../../lib/messages.ts'
import { alertInWords, isOfAlerts } from './alert-words.ts'
import { fieldInWords } from './field-words.ts'
import { comingInWords, proofInWords } from './proof-words.ts'
import { isOfSubscribers, subscriberInWords } from './subscriber-words.ts'
import { placeInWords } from './place-words.ts'

const say = messages('en')
const status = (word: string): string => say(`status.${word}` as 'status.unknown').toLowerCase()
const stage = (word: string): string => say(`stage.${word}` as 'stage.update').toLowerCase()

export function actorInWords(actor: Actor): string {
  switch (actor.kind) {
    case 'operator':
      return actor.name
    case 'token':
      return `The token “${actor.name}”`
    case 'probe':
      return `The probe “${actor.name}”`
    case 'clock':
      return 'The clock'
    case 'command':
      return `The command ${actor.name}`
    case 'setup':
      return 'Somebody not signed in'
  }
}

/** What the engine sees and does not say, because a person holds the incident. */
const engineNotes: Record<EngineNote, (component: string) => string> = {
  'fails-too': (component) => `${component} fails too`,
  'fails-again': (component) => `${component} fails again`,
  'well-again': (component) => `${component} works again, and so does all of it`,
  'well-in-part': (component) => `${component} works again, the rest not yet`,
}

/** What happened, as the rest of a sentence that begins with who did it. A kind without words does not compile. */
export function eventInWords(event: Event): string {
  if (isOfSubscribers(event)) return subscriberInWords(event)
  if (isOfAlerts(event)) return alertInWords(event)
  switch (event.type) {
    case 'site.set-up':
      return `set up the page “${event.data.name}”`
    case 'site.changed':
      return `changed the page: ${fields(event.data.fields)}`
    case 'site.imported':
      return `imported ${event.data.incidents} incidents, ${event.data.maintenances} maintenances and ${event.data.components} systems from ${event.data.from}`
    case 'group.created':
      return `added the group “${event.data.name}”`
    case 'group.changed':
      return `changed the group “${event.data.name}”: ${fields(event.data.fields)}`
    case 'group.removed':
      return `removed the group “${event.data.name}”`
    case 'component.created':
      return `added the system “${event.data.name}”`
    case 'component.changed':
      return `changed the system “${event.data.name}”: ${fields(event.data.fields)}`
    case 'component.removed':
      return `removed the system “${event.data.name}”`
    case 'component.status-set':
      return `set “${event.data.name}” by hand from “${status(event.data.from)}” to “${status(event.data.to)}”`
    case 'component.explained':
      return `explained why checks of “${event.data.name}” find something else than the page says`
    case 'components.ordered':
      return 'put the systems into another order'
    case 'incident.drafted':
      return `drafted the incident “${event.data.name}”`
    case 'incident.opened':
      return `published the incident “${event.data.name}”`
    case 'incident.updated':
      return `posted an update on “${event.data.name}”: ${stage(event.data.stage)}`
    case 'incident.resolved':
      return `resolved “${event.data.name}”`
    case 'incident.reopened':
      return `opened “${event.data.name}” again`
    case 'incident.changed':
      return `changed the incident “${event.data.name}”: ${fields(event.data.fields)}`
    case 'incident.annulled':
      return `annulled ${event.data.whole === 'yes' ? '' : 'a part of '}“${event.data.name}” as a false alarm`
    case 'incident.handed-back':
      return `handed “${event.data.name}” back to automation`
    case 'incident.taken-over':
      return `took “${event.data.name}” over from automation`
    case 'incident.noted':
      return `left to the person who holds “${event.data.name}”: ${engineNotes[event.data.note](event.data.component)}`
    case 'incident.annotated':
    case 'maintenance.annotated':
      return `changed what a program keeps with “${event.data.name}”`
    case 'incident.dismissed':
      return `dismissed the draft “${event.data.name}”`
    case 'incident.merged':
      return `merged the draft “${event.data.name}” into “${event.data.into}”`
    case 'update.planned':
      return `wrote an update on “${event.data.name}” that waits for ${event.data.at === null ? 'a second person' : 'its time'}`
    case 'update.taken-back':
      return `took back an update on “${event.data.name}” that waited`
    case 'update.held':
      return `has an update on “${event.data.name}” that did not publish itself: ${event.data.reason}`
    case 'message.resent':
      return `sent what was told of “${event.data.name}” again to ${event.data.recipients} whom it had not reached`
    case 'message.hurried':
      return `had what was told of “${event.data.name}” tried again at once for ${event.data.recipients}`
    case 'message.taken-back':
      return `took back what subscribers would have been told of “${event.data.name}”`
    case 'template.created':
      return `made the template “${event.data.name}”`
    case 'template.changed':
      return `changed the template “${event.data.name}”: ${fields(event.data.fields)}`
    case 'template.removed':
      return `removed the template “${event.data.name}”`
    case 'incident.eased':
      return `found ${event.data.components.join(', ')} well again, in the incident “${event.data.name}”`
    case 'incident.widened':
      return `named further systems in “${event.data.name}”: ${event.data.components.join(', ')}`
    case 'update.corrected':
      return `corrected an update on “${event.data.name}”`
    case 'update.withdrawn':
      return `withdrew an update on “${event.data.name}”`
    case 'impact.corrected':
      return `${corrections[event.data.how]} “${event.data.name}”`
    case 'promise.due-soon':
      return `reminded of the ${promised(event.data.kind)} promised on “${event.data.name}”`
    case 'promise.kept':
      return `kept the promise of the ${promised(event.data.kind)} on “${event.data.name}”`
    case 'promise.missed':
      return `missed the ${promised(event.data.kind)} promised on “${event.data.name}”`
    case 'promise.let-go':
      return `let go the ${promised(event.data.kind)} promised on “${event.data.name}”`
    case 'report.burst':
      return `drafted an incident because of ${event.data.reports} reports in ${event.data.minutes} minutes about ${event.data.name}`
    case 'review.drafted':
      return `saved a draft of the review of “${event.data.name}”`
    case 'review.published':
      return `published the ${event.data.as} review of “${event.data.name}”`
    case 'review.corrected':
      return `corrected the review of “${event.data.name}”`
    case 'review.translated':
      return `translated the review of “${event.data.name}”`
    case 'action.added':
      return `promised an action: “${event.data.name}”`
    case 'action.changed':
      return `changed the action “${event.data.name}”: ${fields(event.data.fields)}`
    case 'action.done':
      return `said that an action is done: “${event.data.name}”`
    case 'action.dropped':
      return `gave up an action: “${event.data.name}”`
    case 'action.overdue':
      return `saw that an action is overdue: “${event.data.name}”`
    case 'maintenance.announced':
      return `announced the maintenance “${event.data.name}”`
    case 'maintenance.began':
      return `began the maintenance “${event.data.name}”`
    case 'maintenance.updated':
      return `posted an update on the maintenance “${event.data.name}”: ${stage(event.data.stage)}`
    case 'maintenance.completed':
      return `completed the maintenance “${event.data.name}”`
    case 'maintenance.cancelled':
      return `cancelled the maintenance “${event.data.name}”`
    case 'maintenance.changed':
      return `changed the maintenance “${event.data.name}”: ${fields(event.data.fields)}`
    case 'maintenance.extended':
      return `extended the maintenance “${event.data.name}”`
    case 'maintenance.reminded':
      return `reminded of the maintenance “${event.data.name}”: ${leads[event.data.lead]}`
    case 'maintenance.series-announced':
      return `announced that the maintenance “${event.data.name}” repeats`
    case 'maintenance.series-changed':
      return `changed the series of the maintenance “${event.data.name}”`
    case 'maintenance.series-ended':
      return `ended the series of the maintenance “${event.data.name}”`
    case 'ledger.key-changed':
      return 'gave the ledger another key'
    case 'ledger.restored':
      return `restored the page from a backup of ${event.data.from.slice(0, 16).replace('T', ' ')} UTC`
    case 'clock.started':
      return `started a clock on “${event.data.name}”: ${event.data.title}`
    case 'clock.corrected':
      return `entered when “${event.data.name}” was ${event.data.fact === 'aware' ? 'known to us' : 'classified'} (${event.data.title})`
    case 'clock.done':
      return `entered as sent on “${event.data.name}” (${event.data.title}): ${event.data.report}`
    case 'clock.undone':
      return `entered as not sent after all on “${event.data.name}” (${event.data.title}): ${event.data.report}`
    case 'clock.let-go':
      return `let go of the clock on “${event.data.name}”: ${event.data.title}`
    case 'clock.taken-up':
      return `took up the clock on “${event.data.name}” again: ${event.data.title}`
    case 'notice.published':
      return `published the notice “${event.data.name}”`
    case 'notice.shown':
      return `showed the notice “${event.data.name}”, whose time had come`
    case 'notice.changed':
      return `changed the notice “${event.data.name}”: ${fields(event.data.fields)}`
    case 'notice.ended':
      return `ended the notice “${event.data.name}”`
    case 'probe.created':
      return `added the probe “${event.data.name}”`
    case 'probe.changed':
      return `changed the probe “${event.data.name}”: ${fields(event.data.fields)}`
    case 'probe.paused':
      return `paused the probe “${event.data.name}”`
    case 'probe.resumed':
      return `resumed the probe “${event.data.name}”`
    case 'probe.removed':
      return `removed the probe “${event.data.name}”`
    case 'probe.muted':
      return `muted the probe “${event.data.name}” ${event.data.until === null ? 'until somebody changes it' : `until ${event.data.until.slice(0, 16).replace('T', ' ')} UTC`}`
    case 'probe.unmuted':
      return `no longer mutes the probe “${event.data.name}”`
    case 'heartbeat.addressed':
      return `gave the heartbeat “${event.data.name}” a new address`
    case 'heartbeat.forgiven':
      return `forgave the heartbeat “${event.data.name}”, which was due at ${minute(event.data.deadline)} while Candor itself was away, and waits for it until ${minute(event.data.until)}`
    case 'probe.verdict':
      return `found “${event.data.name}” ${event.data.to}, after ${event.data.from}`
    case 'account.created':
      return event.data.invitedBy === undefined
        ? `made an account for ${event.data.name}, ${event.data.role}`
        : `accepted the invitation of ${event.data.invitedBy}, as ${event.data.name}, ${event.data.role}`
    case 'account.changed':
      return `changed the account of ${event.data.name}: ${fields(event.data.fields)}`
    case 'account.disabled':
      return `disabled the account of ${event.data.name}`
    case 'account.invited':
      return `invited somebody as ${event.data.role}`
    case 'account.invitation-withdrawn':
      return `withdrew an invitation as ${event.data.role}`
    case 'account.invitation-renewed':
      return `made a new link for somebody invited as ${event.data.role}`
    case 'account.reset-offered':
      return `made a link with which ${event.data.name} chooses a new password${event.data.factors === 'removed' ? ', and which removes their second factors' : ''}`
    case 'account.connected':
      return `connected ${event.data.name} with ${event.data.provider}`
    case 'account.signed-in':
    case 'account.signed-out':
    case 'account.sign-in-refused':
      return comingInWords(event)
    case 'account.password-changed':
      return `changed the password of ${event.data.name}`
    case 'account.factor-added':
    case 'account.factor-removed':
    case 'account.passkey-renamed':
    case 'account.passkey-refused':
    case 'account.recovery-codes-made':
    case 'account.recovery-code-used':
    case 'account.sessions-ended':
      return proofInWords(event)
    case 'token.created':
      return `made the token “${event.data.name}” (${event.data.scope})`
    case 'token.renewed':
      return `gave the token “${event.data.name}” another secret${event.data.until === null ? '; the one before ended at once' : ''}`
    case 'token.former-ended':
      return `ended the secret that the token “${event.data.name}” had before`
    case 'token.revoked':
      return `revoked the token “${event.data.name}”`
    case 'metric.created':
      return `added the metric “${event.data.name}”`
    case 'metric.changed':
      return `changed the metric “${event.data.name}”`
    case 'metric.removed':
      return `removed the metric “${event.data.name}”`
    case 'delivery.failing':
      return `found that nothing gets through by ${event.data.name}: ${event.data.reason}`
    case 'place.added':
    case 'place.renamed':
    case 'place.trusted':
    case 'place.distrusted':
    case 'place.revoked':
      return placeInWords(event)
  }
}

const leads = {
  '7d': 'in 7 days',
  '24h': 'in 24 hours',
  '1h': 'in an hour',
  start: 'planned to begin now',
  end: 'planned to end now',
} satisfies Record<string, string>

const corrections = {
  added: 'added what a system suffered from to',
  changed: 'corrected what a system suffered from in',
  removed: 'took back what a system suffered from in',
} as const

/** In one zone for all who read the log. */
function minute(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`
}

function fields(names: readonly string[]): string {
  return names.map(fieldInWords).join(', ')
}

function promised(kind: string): string {
  return kind === 'update' ? 'next update' : kind === 'review' ? 'review' : 'final review'
}
