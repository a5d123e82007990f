import Type, { type Static, type TSchema } from 'typebox'
import { parseInstant } from '../../lib/clock.ts'
import { isDay } from '../../lib/days.ts'

/**
 * What is read of recorded documents of the Statuspage API v2, and no more: unknown keys are other people's business.
 * Texts are checked, not tidied, because they are kept as they were written.
 */
function text(max: number, expected: string, fits: (value: string) => boolean = () => true) {
  const isText = (value: unknown): boolean =>
    typeof value === 'string' && value.length <= max && value.isWellFormed() && !value.includes('\0') && fits(value)
  return Type.Unsafe<string>(Type.Refine(Type.String({ expected }), isText, () => `must be ${expected}`))
}

const id = text(64, 'an id of letters, digits, - and _', (value) => /^[A-Za-z0-9_-]{1,64}$/.test(value))
const name = text(1000, 'text of 1 to 1000 characters', (value) => value.trim() !== '')
const prose = text(100_000, 'text of at most 100000 characters, none of them NUL or half of one')
const instant = text(
  40,
  'a date and time with its offset, such as 2026-11-21T19:05:00.000Z',
  (value) => parseInstant(value) !== null,
)
const day = text(10, 'a day such as 2026-11-21', isDay)
const position = Type.Integer({ minimum: 0, maximum: 1_000_000, expected: 'a whole number' })

function absent<Schema extends TSchema>(schema: Schema) {
  return Type.Optional(Type.Union([schema, Type.Null()]))
}

function word<const Words extends readonly string[]>(words: Words) {
  return Type.Unsafe<Words[number]>(Type.Enum([...words], { expected: `one of: ${words.join(', ')}` }))
}

function many<Schema extends TSchema>(schema: Schema) {
  return Type.Array(schema, { expected: 'a list' })
}

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
  showcase: absent(Type.Boolean({ expected: 'true or false' })),
  start_date: absent(day),
  group_id: absent(id),
  page_id: absent(id),
  group: absent(Type.Boolean({ expected: 'true or false' })),
  only_show_if_degraded: absent(Type.Boolean({ expected: 'true or false' })),
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
  deliver_notifications: absent(Type.Boolean({ expected: 'true or false' })),
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
