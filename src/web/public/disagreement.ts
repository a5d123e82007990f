import { impactsOfComponent } from '../../domain/components/queries.ts'
import type { ComponentStatus } from '../../domain/components/component.ts'
import type { Disagreement } from '../../domain/probes/engine/disagreement.ts'
import { measuredSpans } from '../../domain/probes/checks/measured.ts'
import { type Locale, inLocale } from '../../domain/site/site.ts'
import { type Span, tallyBetween } from '../../domain/status/days.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { type Instant, later, secondsBetween } from '../../lib/clock.ts'
import { type SafeHtml, markdownIn } from '../../lib/markdown.ts'
import { type Reader, type TimePart, type Words, nameOf } from '../../domain/site/reader.ts'
import { type Mark, type Tone, markOf, toneOf } from '../shared/marks.ts'
import type { Read } from '../shared/publication.ts'
import { lostWords } from './bars.ts'
import { subjectOf } from './subject.ts'

/** What was said and what was measured, side by side, and what people say to it. */
export interface DisagreementModel {
  readonly mark: Mark
  readonly words: Words
  readonly caption: Words
  readonly strips: readonly Strip[]
  readonly explanation: {
    readonly html: SafeHtml
    readonly lang: Locale | null
    readonly dir: 'ltr' | 'rtl' | null
    /** That this reader's language lags. */
    readonly only: string | null
    readonly at: TimePart
    readonly author: string | null
  } | null
}

interface Strip {
  readonly name: string
  /** What it shows, in words. */
  readonly label: string
  /** In hundred-thousandths of it. */
  readonly pieces: readonly { readonly x: number; readonly width: number; readonly tone: Tone }[]
}

/** What stands against each other, and what the last day of both was like. */
export interface DisagreementFacts {
  readonly disagreement: Disagreement
  readonly until: Instant
  readonly said: readonly Span[]
  readonly measured: readonly Span[]
}

const hours = 24
const whole = 100_000

/** Null where both say the same. */
export async function disagreementFacts(
  componentId: string,
  { disagreements, minute }: Pick<Snapshot, 'disagreements' | 'minute'>,
  read: Read,
): Promise<DisagreementFacts | null> {
  const disagreement = disagreements.find((one) => one.componentId === componentId)
  if (!disagreement) return null
  const between = { from: later(minute, -hours * 3600), until: minute }
  const said = await read([componentId], impactsOfComponent, componentId, between.from, between.until)
  const measured = await read(['probe'], measuredSpans, componentId, between)
  return { disagreement, until: minute, said, measured }
}

export function disagreementModel(
  { disagreement, until, said, measured }: DisagreementFacts,
  reader: Reader,
): DisagreementModel {
  const { say, phrase } = reader
  const { declared, since, explanation } = disagreement
  const window = { from: later(until, -hours * 3600), until }
  const works: Span = { status: 'operational', beganAt: window.from, endedAt: until }
  return {
    mark: { tone: toneOf(disagreement.measured), word: say('disagree.title') },
    words: phrase('disagree.bad', {
      declared: markOf(declared, say).word,
      measured: markOf(disagreement.measured, say).word,
      when: [reader.time(since)],
    }),
    caption: phrase('disagree.strip', { when: [reader.time(until)] }),
    strips: [
      stripOf('disagree.said', [works, ...said], window, reader),
      stripOf('disagree.measured', measured, window, reader),
    ],
    explanation: explanation && explanationModel(explanation, reader),
  }
}

function explanationModel(
  explanation: NonNullable<Disagreement['explanation']>,
  reader: Reader,
): NonNullable<DisagreementModel['explanation']> {
  const body = inLocale(explanation, 'body', reader.locale, explanation.locale)
  const { lang, dir } = nameOf(body, reader.locale)
  return {
    html: markdownIn(body.text, dir ?? reader.dir),
    lang,
    dir,
    only: lang ? reader.say('text.only', { language: reader.languageName(lang) }) : null,
    at: reader.time(explanation.at),
    author: explanation.author,
  }
}

/** What is known of one probe is known: not measured lies below, and the worst on top. */
const layers: readonly ComponentStatus[] = [
  'unknown',
  'operational',
  'under_maintenance',
  'degraded_performance',
  'partial_outage',
  'major_outage',
]

function stripOf(
  key: 'disagree.said' | 'disagree.measured',
  spans: readonly Span[],
  { from, until }: { readonly from: Instant; readonly until: Instant },
  reader: Reader,
): Strip {
  const scaled = (at: Instant): number =>
    Math.round(Math.min(1, Math.max(0, secondsBetween(from, at) / secondsBetween(from, until))) * whole)
  const name = reader.say(key)
  const lost = lostWords({ day: '', seconds: hours * 3600, ...tallyBetween(spans, from, until) }, reader)
  return {
    name,
    label: reader.say('disagree.strips', { what: name, lost: lost || reader.say('disagree.calm') }),
    pieces: spans
      .toSorted((a, b) => layers.indexOf(a.status) - layers.indexOf(b.status))
      .map((span) => {
        const x = scaled(span.beganAt)
        return { x, width: Math.max(150, scaled(span.endedAt ?? until) - x), tone: toneOf(span.status) }
      }),
  }
}

/** A sentence for the front page; null where all that is said is borne out. */
export function disagreementSentence(
  { disagreements, components, groups }: Pick<Snapshot, 'disagreements' | 'components' | 'groups'>,
  reader: Reader,
): Words | null {
  const ids = new Set(disagreements.map(({ componentId }) => componentId))
  const found = components.filter(({ id }) => ids.has(id))
  if (found.length === 0) return null
  const { words } = subjectOf(found, { place: 'later' }, { components, groups }, reader)
  return reader.phrase('disagree.front', { subject: words })
}
