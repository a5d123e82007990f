import type { Distribution, Labels, Sample } from './meters.ts'

/** What is measured under one name. */
export type Family = {
  /** With its unit at the end, without `_total`: `candor_check_duration_seconds`. */
  readonly name: string
  readonly help: string
} & (
  | { readonly type: 'gauge' | 'counter'; readonly samples: readonly Sample[] }
  | { readonly type: 'histogram'; readonly bounds: readonly number[]; readonly distributions: readonly Distribution[] }
)

/** `text`: what every Prometheus reads; `openmetrics`: its successor, which says where it ends. */
export type Format = 'text' | 'openmetrics'

export const contentTypes: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
}

export function formatFor(accept: string | undefined): Format {
  return accept?.includes('application/openmetrics-text') ? 'openmetrics' : 'text'
}

/** A gauge with one value, or with none where it is not known. */
export function gauge(name: string, help: string, value: number | null, labels: Labels = {}): Family {
  return { name, help, type: 'gauge', samples: value === null ? [] : [{ labels, value }] }
}

export function count(name: string, help: string, value: number | null): Family {
  return { name, help, type: 'counter', samples: value === null ? [] : [{ labels: {}, value }] }
}

/** The families one after the other, as the format writes them. A name may stand once. */
export function exposition(families: readonly Family[], format: Format): string {
  const lines = families.flatMap((family) => {
    const titled = family.type === 'counter' && format === 'text' ? `${family.name}_total` : family.name
    return [`# HELP ${titled} ${escapedHelp(family.help)}`, `# TYPE ${titled} ${family.type}`, ...samplesOf(family)]
  })
  return [...lines, ...(format === 'openmetrics' ? ['# EOF'] : []), ''].join('\n')
}

function samplesOf(family: Family): string[] {
  if (family.type === 'histogram') {
    return family.distributions.flatMap((one) => bucketsOf(family.name, family.bounds, one))
  }
  const name = family.type === 'counter' ? `${family.name}_total` : family.name
  return family.samples.map(({ labels, value }) => line(name, labels, value))
}

function bucketsOf(name: string, bounds: readonly number[], { labels, counts, sum }: Distribution): string[] {
  let seen = 0
  const buckets = counts.map((own, index) => {
    seen += own
    const bound = bounds[index]
    const le = bound === undefined ? '+Inf' : numberOf(bound)
    return line(`${name}_bucket`, { ...labels, le }, seen)
  })
  return [...buckets, line(`${name}_sum`, labels, sum), line(`${name}_count`, labels, seen)]
}

function line(name: string, labels: Labels, value: number): string {
  const written = Object.entries(labels).map(([key, text]) => `${key}="${escapedValue(text)}"`)
  return `${name}${written.length > 0 ? `{${written.join(',')}}` : ''} ${numberOf(value)}`
}

function numberOf(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  return String(value)
}

function escapedHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

function escapedValue(text: string): string {
  return escapedHelp(text).replaceAll('"', '\\"')
}
