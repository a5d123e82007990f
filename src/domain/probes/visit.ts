/** What a visitor does on a site, one thing after the other. */
export type VisitStep =
  | { readonly do: 'open'; readonly path: string }
  | { readonly do: 'click'; readonly what: string }
  | { readonly do: 'fill'; readonly what: string; readonly value: string }
  | { readonly do: 'expect'; readonly text: string }
  | { readonly do: 'expect title'; readonly text: string }

/** A step, and the line that says it, counted from 1. */
export type Visit = readonly (VisitStep & { readonly line: number })[]

export interface VisitFault {
  readonly line: number
  /** A sentence. */
  readonly fault: string
}

const mostSteps = 30
/** What stands where the secret belongs. */
export const secretMark = '{secret}'

/** Reads a visit, a step a line: `open /path`, `click "…"`, `fill "…" with "…"`, `expect "…"`, `expect title "…"`. */
export function readVisit(text: string): Visit | VisitFault {
  const steps: (VisitStep & { line: number })[] = []
  for (const [index, written] of text.split('\n').entries()) {
    const line = written.trim()
    if (line === '' || line.startsWith('#')) continue
    const step = readStep(line)
    if (typeof step === 'string') return { line: index + 1, fault: step }
    steps.push({ ...step, line: index + 1 })
    if (steps.length > mostSteps) return { line: index + 1, fault: `A visit has at most ${mostSteps} steps.` }
  }
  return steps
}

const quoted = '"((?:[^"\\\\]|\\\\.)+)"'
const forms = {
  open: /^open\s+(\/\S*)$/i,
  click: new RegExp(`^click\\s+${quoted}$`, 'i'),
  fill: new RegExp(`^fill\\s+${quoted}\\s+with\\s+${quoted}$`, 'i'),
  title: new RegExp(`^expect\\s+title\\s+${quoted}$`, 'i'),
  expect: new RegExp(`^expect\\s+${quoted}$`, 'i'),
} as const

function readStep(written: string): VisitStep | string {
  // Word processors bend quotation marks.
  const line = written.replace(/[“”„]/g, '"')
  const parts = (form: keyof typeof forms): string[] | null =>
    forms[form]
      .exec(line)
      ?.slice(1)
      .map((part) => part.replace(/\\(.)/g, '$1')) ?? null
  const [path] = parts('open') ?? []
  if (path !== undefined) return path.startsWith('//') ? 'A visit stays on its own site.' : { do: 'open', path }
  const [clicked] = parts('click') ?? []
  if (clicked !== undefined) return { do: 'click', what: clicked }
  const [filled, value] = parts('fill') ?? []
  if (filled !== undefined && value !== undefined) return { do: 'fill', what: filled, value }
  const [title] = parts('title') ?? []
  if (title !== undefined) return { do: 'expect title', text: title }
  const [text] = parts('expect') ?? []
  if (text !== undefined) return { do: 'expect', text }
  return 'A step is one of: open /path · click "…" · fill "…" with "…" · expect "…" · expect title "…".'
}
