import type { Db } from '../../../database/database.ts'
import type { ComponentStatus, DeclaredStatus } from '../../../domain/components/component.ts'
import type { Incident, IncidentStage, Update } from '../../../domain/incidents/incident.ts'
import { blankIncident } from '../../../domain/incidents/blank.ts'
import { risen } from '../../../domain/incidents/rules.ts'
import { textsIn } from '../../../domain/incidents/updates.ts'
import { updateMinutes } from '../../../domain/promises/terms.ts'
import { type Site, locales } from '../../../domain/site/site.ts'
import { translated } from '../../../domain/site/translations.ts'
import { type Instant, later, parseInstant } from '../../../lib/clock.ts'
import { type Composed, firstLine, proposedName } from '../composer.ts'
import { namedComponents, statusesOf } from '../named.ts'

/** An incident as it would be if these words were said now, so that what is made of it can be looked at before. */
export interface Supposed {
  readonly incident: Incident
  readonly affected: readonly { readonly id: string; readonly name: string; readonly status: ComponentStatus }[]
}

export interface Supposing {
  readonly composed: Composed
  /** The incident or draft on which one writes; null: a new one. */
  readonly known: Incident | null
  readonly author: string
  readonly now: Instant
  readonly site: Site
}

export async function suppose(db: Db, { composed, known, author, now, site }: Supposing): Promise<Supposed> {
  const statuses = known?.toldAt ? statusesOf(known) : new Map<string, string>()
  for (const { id, status } of composed.components) statuses.set(id, status)
  const affected = await namedComponents(
    db,
    [...statuses].map(([id, status]) => ({ id, status: composed.stage === 'resolved' ? 'operational' : status })),
  )
  const base = known ?? { ...blankIncident(now, site), beganAt: beganAt(composed, now) }
  const name =
    composed.name.trim() || proposedName(affected, site.locale) || firstLine(composed.body, site.locale) || '…'
  const names = composed.translations
  const declared = composed.components.map(({ status }) => ({ status: status as DeclaredStatus }))
  const severity = base.severityOverride ?? risen(base.derivedSeverity, declared)
  const isOpen = composed.stage !== 'resolved' && composed.noPromiseReason === null
  // Left to the severity, it is promised all the same.
  const preset = isOpen ? later(now, updateMinutes(site.terms, severity) * 60) : null
  const word = { ...composed, nextUpdateBy: composed.nextUpdateBy ?? preset }
  return {
    incident: {
      ...base,
      // What is told already is renamed elsewhere, with a reason.
      name: base.toldAt ? base.name : name,
      translations: base.toldAt ? base.translations : translated(names, ['name'], base.locale),
      stage: composed.stage === 'update' ? base.stage : (composed.stage as IncidentStage),
      severity,
      toldAt: base.toldAt ?? now,
      overAt: composed.stage === 'resolved' ? (instant(composed.overAt) ?? now) : base.overAt,
      nextUpdateBy: word.nextUpdateBy,
      noPromiseReason: word.noPromiseReason,
      latestUpdateAt: now,
      updates: [wordOf(word, { author, now, locale: base.locale }), ...(base.toldAt ? base.updates : [])],
    },
    affected: affected.map((one) => ({ ...one, status: one.status as ComponentStatus })),
  }
}

/** The languages of the page, that of the original first. */
export function languagesFrom(original: string): string[] {
  return [original, ...locales.filter((locale) => locale !== original)]
}

function wordOf(
  { stage, body, translations, nextUpdateBy, noPromiseReason }: Composed,
  { author, now, locale }: { readonly author: string; readonly now: Instant; readonly locale: string },
): Update {
  return {
    id: 'next',
    stage,
    body,
    locale,
    translations: translated(translations, textsIn(noPromiseReason), locale),
    author,
    source: 'person',
    affected: null,
    delivered: 'yes',
    nextUpdateBy,
    noPromiseReason,
    displayedAt: now,
    revision: 0,
    translates: {},
    createdAt: now,
    updatedAt: now,
  }
}

function beganAt(composed: Composed, now: Instant): Instant {
  return instant(composed.beganAt) ?? now
}

function instant(text: string | undefined): Instant | null {
  return text === undefined ? null : parseInstant(text)
}
