import { dirname } from 'node:path'
import { pino } from 'pino'
import { readConfig } from '../src/config.ts'
import { assertDurable, openDatabase } from '../src/database/database.ts'
import { migrate } from '../src/database/migrate.ts'
import { createDeps } from '../src/deps.ts'
import { createFirstOwner } from '../src/domain/accounts/first-run.ts'
import { createComponent, changeComponent } from '../src/domain/components/commands.ts'
import { createGroup } from '../src/domain/components/groups.ts'
import type { Actor } from '../src/domain/changes/actor.ts'
import { openIncident, postUpdate } from '../src/domain/incidents/commands.ts'
import { announceMaintenance, beginMaintenance, completeMaintenance } from '../src/domain/maintenances/commands.ts'
import { publishNotice } from '../src/domain/notices/commands.ts'
import { openIncidents } from '../src/domain/incidents/queries.ts'
import { createProbe } from '../src/domain/probes/commands.ts'
import { watchPromises } from '../src/domain/promises/watch.ts'
import { completeAction } from '../src/domain/reviews/actions.ts'
import { publishReview } from '../src/domain/reviews/commands.ts'
import { noteOverdueActions } from '../src/domain/reviews/overdue.ts'
import { openActions } from '../src/domain/reviews/queries.ts'
import { correctUpdate } from '../src/domain/revisions/words.ts'
import { changeSite, setUpSite } from '../src/domain/site/commands.ts'
import type { Locale } from '../src/domain/site/site.ts'
import type { Changer } from '../src/domain/changes/change.ts'
import { type Clock, type Instant, instantOf, later, millisecondsOf, wallClock } from '../src/lib/clock.ts'
import { dayOf } from '../src/lib/days.ts'
import { passwords } from '../src/lib/passwords.ts'
import { secretFile } from '../src/lib/secret-file.ts'
import { randomIds } from '../src/lib/ids.ts'
import { measure } from './measurements.ts'
import { groups, site, supplier } from './northwind.ts'
import { type LookingBack, reviews } from './reviews.ts'
import type { Services } from './services.ts'
import { type Story, openStory, openTranslations, promised, stories } from './stories.ts'
import { awaitJob } from './watching.ts'
import { planWork } from './work.ts'

const [days, minutesBetween] = [365, 9 * 24 * 60 + 137]
const ines: Actor = { kind: 'operator', id: 'demo', name: 'Ines, payments on-call' }

/** Who may sign in at the desk of a site that nobody else can reach, and that is gone in a moment. */
export const owner = { email: 'ines@northwind.example', password: 'look around as you like' }

/** Something that happened, at its time. */
interface Moment {
  readonly at: Instant
  tell(): Promise<unknown>
}

/**
 * Builds a realistic site: everything is told through the same commands as at the desk, by a clock that runs through the
 * last year. Without services nothing is watched. Answers the secret of the job that calls, if one does.
 */
export async function buildDemo({ url, services }: { url: string; services: Services | null }): Promise<string | null> {
  let job: string | null = null
  const now = wallClock.now()
  const clock = { at: later(now, -days * 86_400) }
  const past: Clock = { now: () => clock.at }
  const database = openDatabase(url)
  await migrate(database.db, past)
  const deps = await createDeps({
    config: readConfig({}),
    database,
    clock: past,
    ids: randomIds,
    log: pino({ level: 'silent' }),
    // Beside the database, where whoever serves it looks: with another key nobody could sign its ledger.
    key: secretFile(dirname(url), 'key', randomIds),
  })
  const tell = (work: Parameters<Changer>[1]): Promise<unknown> => deps.change(ines, work)
  const ids = await arrange(deps.change)
  await createFirstOwner(
    { ...deps, passwords: passwords(), site: site.name },
    { name: 'Ines', email: owner.email },
    owner.password,
  )

  const idOf = (name: string): string => {
    const id = ids.get(name)
    if (!id) throw new Error(`The demo has no component called ${name}.`)
    return id
  }
  const moments = [
    ...Array.from({ length: Math.floor((days * 24 * 60) / minutesBetween) - 1 }, (_, index) => {
      const story = stories[(index * 5) % stories.length] ?? openStory
      return retell(story, later(now, -days * 86_400 + (index + 1) * minutesBetween * 60), index)
    }).flat(),
    ...Array.from({ length: 11 }, (_, index) => window(later(now, -(index + 1) * 30 * 86_400))).flat(),
    ...retell(openStory, later(now, -38 * 60), 0),
    recount(openStory),
    tomorrow(),
    watch(),
  ]
    .filter(({ at }) => at <= now)
    .toSorted((a, b) => a.at.localeCompare(b.at))
  for (const moment of moments) {
    clock.at = moment.at
    // What was promised is decided at its time, not when somebody looks at the demo.
    await watchPromises(deps)
    await noteOverdueActions(deps)
    await moment.tell()
  }
  assertDurable(database)
  await database.close()
  return job

  function retell(story: Story, began: Instant, index: number): Moment[] {
    let id = ''
    const told = later(began, story.told * 60)
    const time = new Intl.DateTimeFormat('en-GB', { timeZone: site.zone, timeStyle: 'short' }).format(
      millisecondsOf(began),
    )
    const words = story.words.map(([minutes, stage, text], index): Moment => {
      const at = later(told, minutes * 60)
      const promise = promised(story, index)
      const nextUpdateBy = stage === 'resolved' ? null : later(at, promise * 60)
      const body = text.replace('{began}', time)
      const isLast = story === openStory && index === story.words.length - 1
      const translations = isLast ? openTranslations.lastBody : undefined
      if (index > 0) {
        return {
          at,
          tell: () =>
            tell((change) =>
              postUpdate(change, id, { stage, body, nextUpdateBy, ...(translations ? { translations } : {}) }),
            ),
        }
      }
      return {
        at,
        async tell() {
          id = await deps.change(ines, (change) =>
            openIncident(change, {
              name: story.name,
              body,
              stage,
              nextUpdateBy,
              beganAt: began,
              noticedAt: later(began, Math.min(120, story.told * 30)),
              components: story.components.map(([name, status]) => ({ id: idOf(name), status })),
              ...(story === openStory ? { translations: openTranslations.name } : {}),
            }),
          )
        },
      }
    })
    const [last = 0] = story.words.at(-1) ?? []
    return [...words, ...afterwards(reviews[story.name], () => id, later(told, last * 60), index)]
  }

  /** The review, in time but for one of five, and what became of its actions. */
  function afterwards(review: LookingBack | undefined, id: () => string, over: Instant, index: number): Moment[] {
    if (!review) return []
    const at = later(over, (index % 5 === 3 ? 81 : 42) * 3600)
    const dueOn = (afterDays: number) => dayOf(later(at, afterDays * 86_400), site.zone)
    const { heads, actions } = review
    const done = (title: string, afterDays: number): Moment => ({
      at: later(at, afterDays * 86_400),
      async tell() {
        const action = (await openActions(deps.db)).find((one) => one.incidentId === id() && one.title === title)
        if (action) await tell((change) => completeAction(change, action.id, { word: 'It is in use.' }))
      },
    })
    return [
      {
        at,
        tell: () =>
          tell((change) =>
            publishReview(change, id(), {
              as: 'final',
              heads,
              actions: actions.map((title, which) => ({ title, dueOn: dueOn(which === 0 ? 14 : 40), owner: 'Rui' })),
            }),
          ),
      },
      done(actions[0], 11),
      done(actions[1], index % 4 === 1 ? 47 : 36),
    ]
  }

  /** Somebody counted again, and the page says so. */
  function recount(story: Story): Moment {
    return {
      at: later(now, -24 * 60),
      async tell() {
        const [open] = await openIncidents(deps.db)
        const first = open?.updates.at(-1)
        if (!first || open?.name !== story.name) return
        await tell((change) =>
          correctUpdate(change, first.id, {
            body: first.body.replace('one in five', 'one in six'),
            reason: 'We counted again.',
          }),
        )
      },
    }
  }

  /** A maintenance of the past: announced three days before, begun and ended on time. */
  function window(from: Instant): Moment[] {
    let id = ''
    return [
      {
        at: later(from, -3 * 86_400),
        async tell() {
          id = await deps.change(ines, (change) =>
            announceMaintenance(change, {
              name: 'Monthly update of our databases',
              body: 'Reports and the dashboard may be slow for a few minutes.',
              plannedFrom: from,
              plannedUntil: later(from, 3600),
              components: [idOf('Dashboard'), idOf('Reports and exports')],
            }),
          )
        },
      },
      {
        at: later(from, 60),
        tell: () => tell((change) => beginMaintenance(change, id, { body: 'The update has begun.' })),
      },
      {
        at: later(from, 41 * 60),
        tell: () =>
          tell((change) => completeMaintenance(change, id, { body: 'The update is done, 19 minutes early.' })),
      },
    ]
  }

  function tomorrow(): Moment {
    const midnight = Math.floor(millisecondsOf(now) / 86_400_000) * 86_400_000
    const from = instantOf(midnight + (24 + 22) * 3_600_000)
    return {
      at: later(now, -20 * 3600),
      tell: () => tell((change) => planWork(change, from, idOf)),
    }
  }

  function watch(): Moment {
    return {
      at: later(now, -60),
      async tell() {
        await tell((change) =>
          publishNotice(change, {
            name: 'This is a demonstration',
            body: 'Northwind does not exist. Its API fails now and then, so that you can see what happens.',
            pinned: 'yes',
          }),
        )
        if (!services) return
        for (const { name, watched } of groups.flatMap((group) => group.components)) {
          if (!watched) continue
          await tell((change) =>
            createProbe(change, {
              componentId: idOf(name),
              name,
              url: services[watched],
              intervalSeconds: 15,
              timeoutMs: 3000,
              policy: 'draft-then-publish',
              publishAfterSeconds: 60,
            }),
          )
        }
        await tell((change) =>
          createProbe(change, { componentId: idOf(supplier.behind), ...supplier.probe, page: services.supplier }),
        )
        await measure({ db: database.db, tell: (work) => deps.change(ines, work) }, now)
        job = await deps.change(ines, (change) => awaitJob(change, idOf('Reports and exports')))
      },
    }
  }
}

/** The site, its groups and its components; answers the components' ids by name. */
async function arrange(change: Changer): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  await change(ines, async (it) => {
    const { name, description, zone, locale, translations } = site
    await setUpSite(it, { name, description, zone, locale })
    await changeSite(it, { translations })
    for (const group of groups) {
      const groupId = await createGroup(it, { name: group.name, translations: named(group.in) })
      for (const component of group.components) {
        const id = await createComponent(it, {
          name: component.name,
          groupId,
          ...('description' in component ? { description: component.description } : {}),
        })
        const translations = named(component.in ?? {})
        if (component.in) await changeComponent(it, id, { translations })
        ids.set(component.name, id)
      }
    }
  })
  return ids
}

function named(words: Readonly<Record<Locale, string>>): Readonly<Record<Locale, { name: string }>> {
  return Object.fromEntries(Object.entries(words).map(([locale, name]) => [locale, { name }]))
}
