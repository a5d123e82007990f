import Type, { type Static } from 'typebox'
import { absent, day, id, instant, many, name, position, prose, text, word, yesOrNo } from './foreign-fields.ts'

/** What is read of recorded documents of the Statuspage API v2. */
const status = word(['operational', 'under_maintenance', 'degraded_performance', 'partial_outage', 'major_outage'])

const page = Type.Object({
  id: absent(id),
  name: absent(name),
  time_zone: absent(text(64, 'the name of a time zone')),
  updated_at: absent(instant),
})

export type ForeignComponent = Static<typeof component>
const component = Type.Object({
  id,
  name,
  status,
  created_at: instant,
  updated_at: instant,
  position: absent(position),
  description: absent(prose),
  showcase: absent(yesOrNo),
  start_date: absent(day),
  group_id: absent(id),
  page_id: absent(id),
  group: absent(yesOrNo),
  only_show_if_degraded: absent(yesOrNo),
})

/** Whole, as the API embeds it, or, in archives scraped from pages, a name with what it came to. */
export type ForeignHarm = Static<typeof harm>
const harm = Type.Object({
  ...Type.Partial(component).properties,
  id: absent(id),
  name: prose,
  code: absent(prose),
  old_status: absent(status),
  new_status: absent(status),
})

const affected = Type.Object({ code: absent(id), name: prose, old_status: absent(status), new_status: absent(status) })

export type ForeignUpdate = Static<typeof update>
const update = Type.Object({
  id,
  status: word([
    'investigating',
    'identified',
    'monitoring',
    'resolved',
    'postmortem',
    'update',
    'scheduled',
    'in_progress',
    'verifying',
    'completed',
  ]),
  body: prose,
  created_at: instant,
  updated_at: absent(instant),
  display_at: absent(instant),
  displayed_at: absent(instant),
  affected_components: absent(many(affected)),
  deliver_notifications: absent(yesOrNo),
})

const said = {
  id,
  name,
  created_at: instant,
  updated_at: instant,
  monitoring_at: absent(instant),
  resolved_at: absent(instant),
  started_at: absent(instant),
  impact: word(['none', 'minor', 'major', 'critical', 'maintenance']),
  shortlink: absent(text(500, 'an address', (value) => URL.canParse(value))),
  page_id: absent(id),
  incident_updates: many(update),
  components: absent(many(harm)),
}

export type ForeignIncident = Static<typeof incident>
const incident = Type.Object({
  ...said,
  status: word(['investigating', 'identified', 'monitoring', 'resolved', 'postmortem']),
})

export type ForeignMaintenance = Static<typeof maintenance>
const maintenance = Type.Object({
  ...said,
  status: word(['scheduled', 'in_progress', 'verifying', 'completed']),
  scheduled_for: instant,
  scheduled_until: instant,
})

/** A document, whichever: each says a part. */
export type ForeignDocument = Static<typeof foreignDocument>
export const foreignDocument = Type.Object(
  {
    page: Type.Optional(page),
    components: Type.Optional(many(component)),
    incidents: Type.Optional(many(incident)),
    scheduled_maintenances: Type.Optional(many(maintenance)),
  },
  { expected: 'a document of the API: an object with page, components, incidents or scheduled_maintenances' },
)
