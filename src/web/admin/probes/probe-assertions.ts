import { lint } from '../../../domain/probes/assertions/lint.ts'
import type { Source } from '../../../domain/probes/assertions/assertion.ts'
import { kindOf } from '../../../domain/probes/kinds/index.ts'
import { readQuestion } from '../../../domain/probes/rules.ts'
import { Refusal } from '../../../lib/errors.ts'
import type { Form } from '../../shared/forms.ts'
import { kindIn, readTestForm } from './probe-form.ts'

/** What stands beside the field for assertions. */
export interface Asserting {
  readonly example: string
  /** A line for each thing that answers bring; empty while it is not known what is asked. */
  readonly possible: readonly string[]
  /** What can never fail, or never hold together. */
  readonly advice: readonly string[]
}

/** How one asks about each source. */
const lines: Readonly<Record<Source, string>> = {
  status: 'status in 200-299,401',
  latency: 'latency < 800ms',
  'latency.dns': 'latency.dns < 50ms',
  'latency.connect': 'latency.connect < 100ms',
  'latency.tls': 'latency.tls < 200ms',
  'latency.firstbyte': 'latency.firstbyte < 500ms',
  'latency.body': 'latency.body < 1s',
  header: 'header(content-type) contains "json"',
  body: 'body not matches /error|panic/i',
  json: 'json($.checks[0].status) == "up"',
  'certificate.days': 'certificate.days > 14',
  records: 'records contains "10.0.0.1"',
  rtt: 'rtt < 80ms',
  loss: 'loss <= 20%',
}

export function assertingOf(form: Form): Asserting {
  const { exampleAssertions: example = '' } = kindOf(kindIn(form))
  try {
    const { kind, spec, expects, timeoutMs } = readQuestion(readTestForm(form))
    const sources = kindOf(kind).sources?.(spec as never) ?? ['latency']
    const advice = lint(expects.assertions, { timeoutMs }).map(({ text }) => text)
    return { example, possible: sources.map((source) => lines[source]), advice }
  } catch (error) {
    // Half a form is no mistake yet: what is wrong with it is said when it is sent.
    if (error instanceof Refusal) return { example, possible: [], advice: [] }
    throw error
  }
}
