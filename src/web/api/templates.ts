import { createTemplate } from '../../domain/templates/commands.ts'
import { templates } from '../../domain/templates/queries.ts'
import type { Template, TemplateUse } from '../../domain/templates/template.ts'
import { amongOthers, choice, described, fields, line, optional, prose } from '../../lib/fields.ts'
import { incidentStages } from '../../domain/incidents/incident.ts'
import { type Call, reads, writes } from './call.ts'
import { type TemplateAnswer, incidentTemplate, many } from './documents.ts'
import { windowStatuses } from './incident-body.ts'
import { isWindow } from './incident-open.ts'
import { managers, readers } from './scopes.ts'

const noun = 'Templates'

const body = amongOthers(
  fields({
    template: amongOthers(
      fields({
        name: line(100),
        title: optional(line(200)),
        body: prose(10_000),
        update_status: described(
          optional(choice([...incidentStages, ...windowStatuses])),
          'Of a maintenance: it is offered for maintenances. Otherwise it is offered for incidents.',
        ),
      }),
    ),
  }),
)

export const templateCalls: readonly Call[] = [
  reads({
    noun,
    path: '/pages/:page/incident_templates',
    scopes: readers,
    summary: 'All templates',
    answer: many(incidentTemplate),
    read: async ({ db }) => (await templates(db)).map(templateAnswer),
  }),
  writes({
    noun,
    method: 'POST',
    path: '/pages/:page/incident_templates',
    scopes: managers,
    summary: 'Add a template',
    body,
    status: 201,
    answer: incidentTemplate,
    write: async (change, { body: { template } }) => {
      const { name, title = null, body: text, update_status: status } = template
      const use: TemplateUse = isWindow(status) ? 'maintenance' : 'incident'
      const id = await createTemplate(change, { name, title, body: text, use })
      return templateAnswer({ id, name, title, body: text, use })
    },
  }),
]

const statuses: Record<TemplateUse, string | null> = {
  incident: 'investigating',
  update: null,
  maintenance: 'scheduled',
}

/** Templates say for what they are, and name neither components nor whom to tell. */
function templateAnswer(template: Pick<Template, 'id' | 'name' | 'title' | 'body' | 'use'>): TemplateAnswer {
  return {
    id: template.id,
    components: [],
    name: template.name,
    title: template.title,
    body: template.body,
    group_id: null,
    update_status: statuses[template.use],
    should_tweet: false,
    should_send_notifications: true,
  }
}
