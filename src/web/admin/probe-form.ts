import { type Probe, slowestDetectionSeconds } from '../../domain/probes/probe.ts'
import { readNewProbe } from '../../domain/probes/rules.ts'
import { Invalid, Refusal } from '../../lib/errors.ts'
import { type Form, only } from '../shared/forms.ts'
import { exactDuration } from './words.ts'

const question = [
  'url',
  'method',
  'headers',
  'body',
  'expectedStatus',
  'contains',
  'containsNot',
  'jsonPath',
  'jsonEquals',
  'latencyLimitMs',
  'followRedirects',
  'verifyTls',
  'timeoutMs',
] as const
const rhythm = [
  'name',
  'intervalSeconds',
  'failuresNeeded',
  'successesNeeded',
  'downStatus',
  'policy',
  'publishAfterSeconds',
] as const

/** What the form of a probe says, in the words of the commands; the component stands beside it. */
export function readProbeForm(form: Form) {
  const { componentId, headers, name, ...rest } = only(form, ['componentId', ...question, ...rhythm])
  const wish = Object.fromEntries(Object.entries(rest).filter(([name, value]) => value !== '' || name === 'url'))
  return {
    componentId,
    wish: { ...wish, name: name === '' ? undefined : name, url: rest.url, headers: headersOf(headers) },
  }
}

/** The same without what "Test now" does not need. */
export function readTestForm(form: Form) {
  const { wish } = readProbeForm(form)
  const asked = Object.entries(wish).filter(([name]) => (question as readonly string[]).includes(name))
  return { ...Object.fromEntries(asked), url: wish.url }
}

/** `Authorization: Bearer …`, one a line. */
function headersOf(text: string): { name: string; value: string }[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const at = line.indexOf(':')
      if (at < 1)
        throw new Invalid(
          `Write headers as “Name: value”, one a line; this is not one: ${line.slice(0, 60)}`,
          'headers',
        )
      return { name: line.slice(0, at).trim(), value: line.slice(at + 1).trim() }
    })
}

/** A new probe as it usually is. */
export const usualValues: Form = {
  method: 'GET',
  expectedStatus: '200-299',
  followRedirects: 'yes',
  verifyTls: 'yes',
  timeoutMs: '10000',
  intervalSeconds: '60',
  failuresNeeded: '3',
  successesNeeded: '3',
  downStatus: 'major_outage',
  policy: 'draft-then-publish',
  publishAfterSeconds: '300',
}

export function valuesOf({ spec, expects, ...probe }: Probe): Form {
  const texts = {
    ...spec,
    ...expects,
    headers: Object.entries(spec.headers)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
  }
  const values: Readonly<Partial<Record<string, string | number | null>>> = { ...texts, ...probe }
  const kept = ['componentId', ...question, ...rhythm] as const
  return Object.fromEntries(kept.map((name) => [name, String(values[name] ?? '')]))
}

/** How long a failure can go unnoticed with what the form says now; null while the form says nothing that works. */
export function worstDetection(form: Form): string | null {
  try {
    const { wish } = readProbeForm(form)
    return exactDuration(slowestDetectionSeconds(readNewProbe({ ...wish, componentId: 'any' })))
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}
