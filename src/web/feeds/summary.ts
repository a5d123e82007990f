import type { Incident } from '../../domain/incidents/incident.ts'
import type { Maintenance } from '../../domain/maintenances/maintenance.ts'
import { changedAt } from '../../domain/status/changed-at.ts'
import { overall } from '../../domain/status/overall.ts'
import type { Notice } from '../../domain/notices/notice.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { jsonInTurns } from '../../lib/json-in-turns.ts'
import type { Rendered } from '../shared/document.ts'
import { forAllOrigins } from '../shared/page-headers.ts'

/**
 * `/summary.json`: how things are, in our own words, `unknown` included, which foreign formats cannot say. Keys are
 * only ever added under the same `version`; instants are UTC.
 */
export async function summary(snapshot: Snapshot, url: string): Promise<Rendered> {
  const { site, groups, components, bars, measured } = snapshot
  const listed = new Set(components.map((component) => component.id))
  const document = {
    version: 1,
    /** When this was true. It is written every minute: what is much older comes from somebody who has lost touch. */
    as_of: snapshot.asOf,
    site: { id: site.id, name: site.name, url, zone: site.zone, locale: site.locale, changed_at: changedAt(snapshot) },
    verdict: overall(components.map((component) => component.status)).state,
    groups: groups.map(({ id, name, position, instanceKey }) => ({ id, name, position, instance: instanceKey })),
    components: components.map((component) => ({
      id: component.id,
      name: component.name,
      url: `${url}/components/${component.slug}`,
      group_id: component.groupId,
      status: component.status,
      /** Null: ever since it is listed. */
      since: component.statusSince,
      /** What probes found last; null: nobody measures it. */
      measured: measured.get(component.id) ?? null,
      /** Where probes find something else than `status` for longer than their patience; null: they bear it out. */
      checks_disagree: disagreementOf(component.id, snapshot),
      /** Share of the last 90 days, 0 to 1; null: nothing was observed. */
      uptime_90_days: bars.get(component.id)?.uptime ?? null,
    })),
    /** Shown now: pinned ones first, then newest first. */
    notices: snapshot.notices.map((notice) => noticeOf(notice, url)),
    incidents: snapshot.openIncidents.map((incident) => incidentOf(incident, url)),
    maintenances: snapshot.openMaintenances.map((maintenance) => maintenanceOf(maintenance, listed, url)),
  }
  return {
    contentType: 'application/json; charset=utf-8',
    body: await jsonInTurns(document),
    headers: forAllOrigins,
  }
}

function disagreementOf(componentId: string, { disagreements }: Snapshot): object | null {
  const found = disagreements.find((one) => one.componentId === componentId)
  if (!found) return null
  const { measured, since, explanation } = found
  return {
    measured,
    since,
    /** What our team says to it; null: nothing yet. */
    explanation: explanation && {
      at: explanation.at,
      body: explanation.body,
      locale: explanation.locale,
      author: explanation.author,
    },
  }
}

function incidentOf(incident: Incident, url: string): object {
  const [latest] = incident.updates
  return {
    id: incident.id,
    name: incident.name,
    locale: incident.locale,
    url: `${url}/incidents/${incident.id}`,
    stage: incident.stage,
    severity: incident.severity,
    began_at: incident.beganAt,
    noticed_at: incident.noticedAt,
    told_at: incident.toldAt,
    /** What we promised; where nothing is, `no_promise_reason` may say why. */
    next_update_by: incident.nextUpdateBy,
    no_promise_reason: incident.noPromiseReason,
    /** Each next update that was promised, oldest first, and what became of it; null: it is not due yet. */
    promises: incident.promises
      .filter(({ kind }) => kind === 'update')
      .map(({ madeAt, dueAt, outcome, cameAt }) => ({ made_at: madeAt, due_at: dueAt, outcome, came_at: cameAt })),
    affected: incident.impacts
      .filter((impact) => impact.endedAt === null)
      .map(({ componentId, status, beganAt }) => ({ component_id: componentId, status, since: beganAt })),
    latest: latest ? { at: latest.displayedAt, stage: latest.stage, body: latest.body, locale: latest.locale } : null,
  }
}

function maintenanceOf(maintenance: Maintenance, listed: ReadonlySet<string>, url: string): object {
  return {
    id: maintenance.id,
    name: maintenance.name,
    locale: maintenance.locale,
    url: `${url}/maintenances/${maintenance.id}`,
    stage: maintenance.stage,
    planned_from: maintenance.plannedFrom,
    planned_until: maintenance.plannedUntil,
    began_at: maintenance.beganAt,
    /** Those of `components`: one that was removed since is not named any more. */
    component_ids: maintenance.componentIds.filter((id) => listed.has(id)),
  }
}

function noticeOf(notice: Notice, url: string): object {
  return {
    id: notice.id,
    name: notice.name,
    body: notice.body,
    locale: notice.locale,
    url: `${url}/notices/${notice.id}`,
    pinned: notice.pinnedAt !== null,
    since: notice.shownFrom,
    /** Null: until it is ended. */
    until: notice.shownUntil,
    /** Null: it says what it said at first. */
    changed_at: notice.changedAt,
  }
}
