import fc from 'fast-check'
import { expect, test } from 'vitest'
import { meetingSeconds } from '../../../src/domain/deliveries/hold.ts'
import { takeBackMail, mailsInHold } from '../../../src/domain/deliveries/taking-back.ts'
import type { Change } from '../../../src/domain/changes/change.ts'
import { openIncident, postUpdate, reopenIncident } from '../../../src/domain/incidents/commands.ts'
import {
  announceMaintenance,
  beginMaintenance,
  cancelMaintenance,
  completeMaintenance,
  postMaintenanceUpdate,
} from '../../../src/domain/maintenances/commands.ts'
import { publishNotice } from '../../../src/domain/notices/commands.ts'
import { publishReview } from '../../../src/domain/reviews/commands.ts'
import { correctUpdate, withdrawUpdate } from '../../../src/domain/revisions/words.ts'
import { type Instant, later } from '../../../src/lib/clock.ts'
import { Refusal } from '../../../src/lib/errors.ts'
import { model } from './whom-model.ts'
import { type Step, type Story, stories } from './whom.ts'
import { type Stage, follow, joins, moves, nameOf, nobody, stage } from './whom-stage.ts'
import { tells, toldTo } from '../../telling.ts'
import { ada } from '../desk.ts'

test('everybody hears what concerns them, once, and nothing else: as the model has it, whatever happens', async () => {
  const here = await stage()
  await fc.assert(
    fc.asyncProperty(stories, async (story) => {
      await nobody(here)
      for (const [component, group] of story.groups.entries()) await moves(here, component, group)
      for (const [index, listener] of story.listeners.entries()) await joins(here, index, listener)
      const { heard, expected } = await plays(here, story)
      expect(heard).toEqual(expected)
    }),
    { numRuns: Number(process.env['CANDOR_TEST_STORIES'] ?? (isSQLite ? 25 : 8)) },
  )
})

const isSQLite = process.env['TEST_DATABASE_URL'] === undefined

/** Does all that the story says, and what the model says of it. */
async function plays(here: Stage, story: Story) {
  const says = model(story)
  const expected: {
    readonly listener: number
    readonly label: string
    readonly thing: object
    due: Instant
    at: Instant
  }[] = []
  const made = { incidents: [] as string[], maintenances: [] as string[], words: [] as Word[], count: 0 }
  for (const step of [...story.steps, { does: 'wait' } as const]) {
    // Only waiting takes time: all that is told at its end was said now.
    const at = here.clock.now()
    const due = later(at, 120)
    const told = await does(here, { step, made, says })
    if (made.incidents.length === 1 && step.does === 'open') await follow(here, story, made.incidents[0] ?? '')
    await tells(here)
    if (!told) continue
    for (const { listener, label, thing, isCritical } of told) {
      const { quiet, zone } = story.listeners[listener] ?? { quiet: null, zone: 'UTC' }
      const until = quiet && !isCritical ? afterQuiet(here.clock.now(), quiet, zone) : null
      for (const one of isCritical ? expected : []) {
        if (one.listener === listener && one.thing === thing && one.due > due) one.due = due
      }
      expected.push({ listener, label, thing, at, due: until ?? due })
    }
  }
  const heard: string[] = []
  for (const index of story.listeners.keys()) {
    for (const { event, word, dueAt, ...told } of await toldTo(here, nameOf(index))) {
      heard.push(line(index, { label: `${event}: ${word?.body.split('\n').at(-1) ?? ''}`, at: told.at, due: dueAt }))
    }
  }
  return { heard: heard.toSorted(), expected: expected.map((one) => line(one.listener, one)).toSorted() }
}

function line(listener: number, { label, at, due }: { label: string; at: Instant; due: Instant }): string {
  // What goes out with a later word waits some seconds for that one.
  const isAtOnce = due === later(at, 120) || due === later(at, 120 + meetingSeconds)
  return `${nameOf(listener)} ← ${label} ${isAtOnce ? '' : due}`
}

interface Word {
  readonly id: string
  readonly name: string
}

interface Doing {
  readonly step: Step
  readonly made: {
    readonly incidents: string[]
    readonly maintenances: string[]
    readonly words: Word[]
    count: number
  }
  readonly says: ReturnType<typeof model>
}

/** Does one step; the model hears of it unless it was refused. Answers what is told, where time passes. */
async function does(here: Stage, { step, made, says }: Doing): Promise<ReturnType<typeof says.waits> | null> {
  const idsOf = (harms: readonly (readonly [number, string])[]) =>
    harms.map(([component, status]) => ({ id: here.components[component] ?? '', status }))
  made.count += 1
  const pick = <Thing>(list: readonly Thing[], at: number): readonly [Thing, number] | null => {
    const index = list.length === 0 ? -1 : at % list.length
    const thing = list[index]
    return thing === undefined ? null : [thing, index]
  }
  const tries = async <T>(work: (it: Change) => Promise<T>): Promise<{ readonly answer: T } | null> => {
    try {
      return { answer: await here.change(ada, work) }
    } catch (error) {
      if (error instanceof Refusal) return null
      throw error
    }
  }
  const wordOf = async (column: 'incident_id' | 'maintenance_id', owner: string, name: string): Promise<void> => {
    const row = await here.db
      .selectFrom('updates')
      .select('id')
      .where(column, '=', owner)
      .where('body', '=', name)
      .executeTakeFirstOrThrow()
    made.words.push({ id: row.id, name })
  }
  switch (step.does) {
    case 'open': {
      const name = `incident ${made.incidents.length} w${made.count}`
      const { stage: at, override: severityOverride, deliver } = step
      const components = idsOf(step.harms)
      const done = await tries((it) =>
        openIncident(it, { name, body: name, stage: at, components, severityOverride, deliver }),
      )
      if (!done) return null
      made.incidents.push(done.answer)
      await wordOf('incident_id', done.answer, name)
      says.opens(name, step.harms, { override: severityOverride, isOver: at === 'resolved', deliver })
      return null
    }
    case 'post':
    case 'reopen': {
      const [id, index] = pick(made.incidents, step.incident) ?? ['', -1]
      const name = `incident ${index} w${made.count}`
      const isPost = step.does === 'post'
      const harms = isPost ? step.harms : []
      const about = isPost
        ? { stage: step.stage, deliver: step.deliver }
        : { stage: 'investigating', deliver: 'yes' as const }
      const done = await tries(async (it) => {
        if (isPost) await postUpdate(it, id, { body: name, components: idsOf(harms), ...about })
        else await reopenIncident(it, id, { body: name, ...about })
      })
      if (!done) return null
      await wordOf('incident_id', id, name)
      const ends = isPost && step.stage === 'resolved'
      const event = ends ? 'incident.resolved' : isPost ? 'incident.updated' : 'incident.reopened'
      says.posts(index, name, harms, { event, ...about })
      return null
    }
    case 'review': {
      const [id, index] = pick(made.incidents, step.incident) ?? ['', -1]
      const name = `incident ${index} w${made.count}`
      const heads = { saw: 'a', happened: 'b', why: 'c', duration: 'd', data: 'e', done: 'f', next: name }
      if (await tries((it) => publishReview(it, id, { as: step.as, heads }))) says.reviews(index, name, step.as)
      return null
    }
    case 'announce': {
      const name = `maintenance ${made.maintenances.length} w${made.count}`
      const plan = { plannedFrom: later(here.clock.now(), 86_400), plannedUntil: later(here.clock.now(), 90_000) }
      const components = step.components.map((each) => here.components[each] ?? '')
      const done = await tries((it) =>
        announceMaintenance(it, { name, body: name, components, runsBy: 'hand', deliver: step.deliver, ...plan }),
      )
      if (!done) return null
      made.maintenances.push(done.answer)
      await wordOf('maintenance_id', done.answer, name)
      says.announces(name, step.components, step.deliver)
      return null
    }
    case 'work': {
      const [id, index] = pick(made.maintenances, step.maintenance) ?? ['', -1]
      const body = `maintenance ${index} w${made.count}`
      const [work, event] = works[step.how]
      if (!(await tries((it) => work(it, id, body)))) return null
      await wordOf('maintenance_id', id, body)
      says.works(index, body, event)
      return null
    }
    case 'notice': {
      const name = `notice 0 w${made.count}`
      if (await tries((it) => publishNotice(it, { name, body: name }))) says.notices(name)
      return null
    }
    case 'correct': {
      const [word] = pick(made.words, step.word) ?? [null]
      const body = `corrected ${made.count}`
      const given = { body, reason: 'It was wrong.', deliver: step.deliver }
      if (word && (await tries((it) => correctUpdate(it, word.id, given)))) says.corrects(word.name, body, step.deliver)
      return null
    }
    case 'withdraw': {
      const [word] = pick(made.words, step.word) ?? [null]
      const reason = `because ${made.count}`
      if (word && (await tries((it) => withdrawUpdate(it, word.id, { reason })))) says.withdraws(word.name, reason)
      return null
    }
    case 'take back': {
      const [mail] = pick(await mailsInHold(here.db, here.clock.now()), step.mail) ?? [null]
      if (!mail) return null
      await here.change(ada, (it) => takeBackMail(it, mail.number))
      says.takesBack(`${mail.told.event}: ${mail.told.word?.body.split('\n').at(-1) ?? ''}`)
      return null
    }
    case 'move':
      await moves(here, step.component, step.to)
      says.moves(step.component, step.to)
      return null
    case 'wait':
      here.clock.advance('47m')
      return says.waits()
  }
}

type Work = (it: Change, id: string, body: string) => Promise<unknown>

const works: Readonly<Record<Extract<Step, { does: 'work' }>['how'], readonly [Work, string]>> = {
  begin: [(it, id, body) => beginMaintenance(it, id, { body }), 'maintenance.began'],
  update: [(it, id, body) => postMaintenanceUpdate(it, id, { body, stage: 'in_progress' }), 'maintenance.updated'],
  complete: [(it, id, body) => completeMaintenance(it, id, { body }), 'maintenance.completed'],
  cancel: [(it, id, body) => cancelMaintenance(it, id, { body }), 'maintenance.cancelled'],
}

/** Looks at the clock on the wall minute by minute; null: it is not quiet now. */
function afterQuiet(now: Instant, { from, until }: { from: string; until: string }, zone: string): Instant | null {
  const wall = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' })
  const isQuiet = (at: Instant): boolean => {
    const time = wall.format(Date.parse(at))
    return from <= until ? time >= from && time < until : time >= from || time < until
  }
  let at = now
  while (isQuiet(at)) at = later(at, 60)
  return at === now ? null : at
}
