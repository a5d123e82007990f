import { check } from '../../lib/check.ts'
import { Invalid } from '../../lib/errors.ts'
import { type Static, fields } from '../../lib/fields.ts'
import { claimsOf } from './assertions/assertion.ts'
import { notBrought } from './assertions/lint.ts'
import { parseAssertions } from './assertions/parse.ts'
import type { Expectations } from './expectations.ts'
import {
  type NewProbe,
  type ProbeChanges,
  type ProbeQuestion,
  changeFields,
  newFields,
  questionFields,
} from './input.ts'
import { type ProbeKindName, type ProbeSpecs, kindNames, kindOf } from './kinds/index.ts'
import type { AnyKind } from './kinds/kind.ts'
import type { Probe } from './probe.ts'
import type { Question } from './question.ts'
import { type Kept, filledFrom, mustStayWithItsAudience } from './secrets.ts'

/** What is the same for every kind. */
export type Rhythm = Pick<
  Probe,
  | 'expects'
  | 'timeoutMs'
  | 'intervalSeconds'
  | 'failuresNeeded'
  | 'failuresOf'
  | 'successesNeeded'
  | 'confirmSeconds'
  | 'dependsOn'
  | 'underParent'
  | 'downStatus'
  | 'policy'
  | 'publishAfterSeconds'
>

/** A probe as somebody wishes it. */
export type Wish = Rhythm & Pick<Probe, 'name' | 'kind' | 'spec'>

/** Reads a form for a new probe, with what is usual for what it leaves out. */
export function readNewProbe(input: NewProbe): Wish & Pick<Probe, 'componentId'> {
  const { kind, own, rest } = apart(input)
  const given = check(newFields, rest)
  return { ...wishOf(kind, own, given), componentId: given.componentId }
}

/** Reads the form of a probe that is there. */
export function readProbeChanges(input: ProbeChanges, kept: Kept | null = null): Wish {
  const { kind, own, rest, carried } = apart(input, kept)
  const wish = wishOf(kind, own, check(changeFields, rest))
  if (kept) mustStayWithItsAudience(kept, wish, carried)
  return wish
}

/** Reads what to ask, for a check that is made once. */
export function readQuestion(input: ProbeQuestion, kept: Kept | null = null): Question {
  const { kind, own, rest, carried } = apart(input, kept)
  const given = check(questionFields, rest)
  const timeoutMs = given.timeoutMs ?? usual.timeoutMs
  const spec = specOf(kind, own)
  if (kept) mustStayWithItsAudience(kept, { kind, spec }, carried)
  return { kind, spec, timeoutMs, expects: fitting(kind, spec, expectationsOf(given, timeoutMs)) }
}

/** Reads only what is the same for every kind, whatever else stands in the form. */
export function readRhythm(input: ProbeChanges): Rhythm {
  const { kind, rest } = apart(input)
  return rhythmOf(kind, check(changeFields, rest))
}

export const usual = { timeoutMs: 10_000, intervalSeconds: 60, publishAfterSeconds: 300 } as const

function wishOf(kind: ProbeKindName, own: Fields, given: Static<typeof changeFields>): Wish {
  const spec = specOf(kind, own)
  const rhythm = rhythmOf(kind, given)
  const expects = fitting(kind, spec, rhythm.expects)
  const called = kindOf(kind).nameOf(spec as never)
  const intervalSeconds = kindOf(kind).intervalOf?.(spec as never) ?? rhythm.intervalSeconds
  return { name: given.name ?? called.slice(0, 100), kind, spec, ...rhythm, intervalSeconds, expects }
}

/** How often, how patiently and with what consequences. */
function rhythmOf(kind: ProbeKindName, given: Static<typeof changeFields>): Rhythm {
  const { fastestSeconds = 0, usual: own = {} } = kindOf(kind)
  const intervalSeconds = given.intervalSeconds ?? own.intervalSeconds ?? usual.intervalSeconds
  if (intervalSeconds < fastestSeconds) {
    throw new Invalid(
      `Checks of this kind must be at least ${fastestSeconds / 60} minutes apart, or the other side shuts us out.`,
      'intervalSeconds',
    )
  }
  const timeoutMs = given.timeoutMs ?? Math.min(usual.timeoutMs, intervalSeconds * 500)
  if (timeoutMs >= intervalSeconds * 1000) {
    throw new Invalid(
      `The time limit (${timeoutMs / 1000} s) must be shorter than the interval (${intervalSeconds} s), or checks would overlap.`,
      'timeoutMs',
    )
  }
  return {
    expects: expectationsOf(given, timeoutMs),
    intervalSeconds,
    timeoutMs,
    ...patienceOf(own, given, intervalSeconds),
    dependsOn: [...new Set((given.dependsOn ?? '').split(/[\s,]+/).filter(Boolean))],
    underParent: given.underParent ?? 'hold',
    downStatus: given.downStatus ?? own.downStatus ?? 'major_outage',
    policy: given.policy ?? own.policy ?? 'draft-then-publish',
    publishAfterSeconds: given.publishAfterSeconds ?? usual.publishAfterSeconds,
  }
}

/** How many checks of which kind decide, and how soon they come. */
function patienceOf(
  own: NonNullable<AnyKind['usual']>,
  given: Static<typeof changeFields>,
  intervalSeconds: number,
): Pick<Rhythm, 'failuresNeeded' | 'failuresOf' | 'successesNeeded' | 'confirmSeconds'> {
  const failuresNeeded = given.failuresNeeded ?? own.failuresNeeded ?? 3
  const failuresOf = given.failuresOf ?? (failuresNeeded === 1 ? 1 : failuresNeeded + 2)
  if (failuresOf < failuresNeeded) {
    throw new Invalid(
      `There cannot be ${failuresNeeded} failures among ${failuresOf} checks. For failures in a row write the same number twice.`,
      'failuresOf',
    )
  }
  const confirmSeconds = given.confirmSeconds ?? null
  if (confirmSeconds !== null && confirmSeconds > intervalSeconds) {
    throw new Invalid(`Checks come every ${intervalSeconds} s anyway: confirm sooner.`, 'confirmSeconds')
  }
  const successesNeeded = given.successesNeeded ?? own.successesNeeded ?? 3
  return { failuresNeeded, failuresOf, successesNeeded, confirmSeconds }
}

type Fields = Readonly<Record<string, unknown>>

interface Apart {
  readonly kind: ProbeKindName
  readonly own: Fields
  readonly rest: Fields
  /** Secrets of its kind that were left empty, and stay as they are kept. */
  readonly carried: readonly string[]
}

/** The fields of its kind, and those that every probe has. What belongs to neither is refused with the latter. */
function apart({ kind = 'http', ...given }: ProbeQuestion, kept: Kept | null = null): Apart {
  const known = kindNames.find((name) => name === kind)
  if (known === undefined) throw new Invalid(`The kind must be one of ${kindNames.join(', ')}.`, 'kind')
  const { asks } = kindOf(known)
  const pick = (isOwn: boolean) =>
    Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(asks, name) === isOwn))
  const rest = pick(false)
  if (kept?.kind !== known) return { kind: known, own: pick(true), rest, carried: [] }
  const removed: unknown[] = Array.isArray(rest['forget']) ? rest['forget'] : []
  return { kind: known, rest, ...filledFrom(kept, pick(true), new Set(removed.map(String))) }
}

function specOf<Kind extends ProbeKindName>(kind: Kind, own: Fields): ProbeSpecs[Kind] {
  const { asks, read } = kindOf(kind)
  return read(check(fields(asks), own)) as unknown as ProbeSpecs[Kind]
}

function expectationsOf(given: Static<typeof questionFields>, timeoutMs: number): Expectations {
  const { latencyLimitMs = null, assertions = null } = given
  if (latencyLimitMs !== null && latencyLimitMs >= timeoutMs) {
    throw new Invalid(
      'The latency limit must be shorter than the time limit, or nothing could ever be slow.',
      'latencyLimitMs',
    )
  }
  return { latencyLimitMs, assertions: parseAssertions(assertions ?? '') }
}

/** Refuses what answers of this kind never bring, and asserts what is usual where nothing is said of it. */
function fitting<Kind extends ProbeKindName>(kind: Kind, spec: ProbeSpecs[Kind], expects: Expectations): Expectations {
  const { label, sources, usualAssertion = '' } = kindOf(kind)
  const brought = sources?.(spec as never) ?? ['latency']
  const alien = notBrought(expects.assertions, brought)
  if (alien) {
    throw new Invalid(
      `Line ${alien.number}: the answers that this probe asks for (${label}) bring no ${alien.source}. They bring ${brought.join(', ')}.`,
      'assertions',
    )
  }
  const asserted = new Set(expects.assertions.flatMap(claimsOf).map(({ source }) => source))
  const usual = parseAssertions(usualAssertion).filter(
    (assertion) => !claimsOf(assertion).some(({ source }) => asserted.has(source)),
  )
  return { ...expects, assertions: [...usual, ...expects.assertions] }
}
