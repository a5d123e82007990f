import type { ComponentStatus } from '../../../domain/components/component.ts'
import type { Told, ToldComponent } from '../../../domain/deliveries/told.ts'
import { overall } from '../../../domain/status/overall.ts'
import type { Instant } from '../../../lib/clock.ts'
import type { Letter } from '../letter.ts'
import { type Posted, momentOf } from './webhook-payload.ts'

/**
 * The payloads of Statuspage's webhooks (contracts/statuspage.md §4.4): one of the incident, then one of each component that
 * changed with it. Null stands where a message does not know: it holds what was said, not all that was ever said.
 */
export function statuspagePayloads(letter: Letter): readonly Posted[] {
  return letter.told.flatMap((told) => [
    { id: letter.key, payload: { ...envelope(letter, told), incident: incidentOf(letter, told) } },
    ...told.components
      .filter(({ from, to }) => from !== null && from !== to)
      .map((component) => ({
        id: `${letter.key}.${component.id}`,
        payload: { ...envelope(letter, told), ...componentUpdate(letter, component) },
      })),
  ])
}

/** The state is that of what is affected: of the rest, a message knows nothing. */
function envelope(letter: Letter, { components }: Told): object {
  const { state, description } = overall(components.map(({ to }) => foreign(to)))
  return {
    meta: {
      unsubscribe: letter.leave?.url ?? null,
      documentation: letter.site.url,
      generated_at: momentOf(letter),
    },
    page: {
      id: letter.site.id,
      status_indicator: state === 'unknown' ? 'none' : state,
      status_description: description,
    },
  }
}

/** Maintenances come as incidents there too, and notices as incidents without harm. */
function incidentOf(letter: Letter, { event, moment, subject, word, components }: Told): object {
  const at = momentOf(letter)
  const review = event === 'review.published' ? word : null
  const status = review ? 'postmortem' : stageOf(subject.noun, subject.stage, moment)
  return {
    name: subject.name,
    status,
    created_at: subject.beganAt,
    updated_at: at,
    monitoring_at: status === 'monitoring' ? at : null,
    resolved_at: subject.overAt,
    impact: subject.severity,
    shortlink: letter.button?.url ?? letter.site.url,
    postmortem_ignored: false,
    postmortem_body: review && review.body,
    postmortem_body_last_updated_at: review && review.at,
    postmortem_published_at: review && review.at,
    postmortem_notified_subscribers: review !== null,
    postmortem_notified_twitter: false,
    backfilled: false,
    scheduled_for: subject.planned?.from ?? null,
    scheduled_until: subject.planned?.until ?? null,
    scheduled_remind_prior: false,
    scheduled_reminded_at: null,
    impact_override: null,
    scheduled_auto_in_progress: false,
    scheduled_auto_completed: false,
    id: subject.id,
    page_id: letter.site.id,
    incident_updates: word
      ? [
          {
            status,
            body: word.body,
            created_at: word.at,
            wants_twitter_update: false,
            twitter_updated_at: null,
            updated_at: word.at,
            display_at: word.at,
            affected_components: components.filter(({ from }) => from !== null).map(affected),
            custom_tweet: null,
            deliver_notifications: true,
            id: word.id,
            incident_id: subject.id,
          },
        ]
      : [],
    components: components.map((component) => componentOf(component, letter.site.id, at)),
  }
}

function componentUpdate(letter: Letter, component: ToldComponent): object {
  const at = momentOf(letter)
  return {
    component: componentOf(component, letter.site.id, at),
    component_update: {
      old_status: foreign(component.from ?? component.to),
      new_status: foreign(component.to),
      created_at: at,
      component_type: 'Component',
      id: `${letter.key}.${component.id}`,
      component_id: component.id,
    },
  }
}

function componentOf({ id, groupId, name, to }: ToldComponent, pageId: string, at: Instant): object {
  return {
    status: foreign(to),
    name,
    created_at: null,
    updated_at: at,
    position: null,
    description: null,
    showcase: true,
    id,
    page_id: pageId,
    group_id: groupId,
  }
}

function affected({ id, name, from, to }: ToldComponent): object {
  return { code: id, name, old_status: foreign(from ?? to), new_status: foreign(to) }
}

/** There is no word for work that was called off, nor for what is only to be known. */
function stageOf(noun: Told['subject']['noun'], stage: string, moment: Told['moment']): string {
  if (noun === 'notice') return moment === 'ends' ? 'resolved' : 'monitoring'
  return stage === 'cancelled' ? 'completed' : stage
}

/** There is no word for what was not measured. */
function foreign(status: ComponentStatus): Exclude<ComponentStatus, 'unknown'> {
  return status === 'unknown' ? 'operational' : status
}
