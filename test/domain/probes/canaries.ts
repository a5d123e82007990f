import { type ProbeKindName, kindNames, kindOf } from '../../../src/domain/probes/kinds/index.ts'
import { authority } from '../../lib/authority.ts'
import { samples } from './samples.ts'

/** A probe with a word in one of its secret fields that must never be seen again. */
export interface Canaried {
  readonly kind: ProbeKindName
  readonly field: string
  readonly canary: string
  /** As a command takes it, and with the canary in it. */
  readonly input: Readonly<Record<string, unknown>>
}

type Input = Readonly<Record<string, unknown>>

/** What a secret field needs beside it; a kind whose field stands alone needs no line here. */
const beside: Readonly<Record<string, Input>> = {
  'http.password': { user: 'candor' },
  'http.clientSecret': { grantUrl: 'https://login.test/token', clientId: 'candor' },
  'http.proxyPassword': { proxy: 'http://proxy.test:3128', proxyUser: 'candor' },
}

/** One for each secret field of each kind that is registered. `url`: of a server that repeats whatever it is told. */
export function canaries(url: string): Canaried[] {
  return kindNames.flatMap((kind) =>
    Object.entries(kindOf(kind).form).flatMap(([field, { secret }], index) => {
      if (!secret) return []
      const canary = `canary-${kind}-${field.toLowerCase()}-${index}`
      const secretOnes = Object.entries(kindOf(kind).form).filter(([, form]) => form.secret)
      const open = Object.entries({ ...samples[kind] }).filter(([name]) => !secretOnes.some(([one]) => one === name))
      const base = kind === 'http' ? { url, method: 'POST' } : Object.fromEntries(open)
      const value = secret === 'values' ? [{ name: 'x-canary', value: canary }] : textWith(canary, `${kind}.${field}`)
      return { kind, field, canary, input: { ...base, ...beside[`${kind}.${field}`], [field]: value } }
    }),
  )
}

/** What a certificate is recognised by is its key: text before it is nobody's. */
function textWith(canary: string, field: string): string {
  if (field !== 'http.identity') return canary
  const { cert, key } = authority().issue({ names: ['us.test'], usage: 'client' })
  return `${canary}\n${cert}${key}`
}
