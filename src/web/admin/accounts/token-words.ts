import type { Scope } from '../../../domain/accounts/account.ts'
import type { Instant } from '../../../lib/clock.ts'

/** What a token may, as the form and the list say it, from the least to the most. */
export const scopeWords: Readonly<Record<Scope, string>> = {
  metrics: 'read /metrics, nothing else',
  measure: 'send values of metrics, nothing else',
  read: 'read everything',
  disclose: 'read and disclose',
  manage: 'read, disclose, and arrange systems and probes',
}

/** What one can try at once with a token of this scope. */
export function exampleFor(scope: Scope, { url, page }: { readonly url: string; readonly page: string }): string {
  const ask = (kind: 'Bearer' | 'OAuth', path: string, data = ''): string =>
    `curl -H "Authorization: ${kind} $TOKEN" ${data}${url}${path}`
  switch (scope) {
    case 'metrics':
      return ask('Bearer', '/metrics')
    case 'measure':
      return ask(
        'OAuth',
        `/v1/pages/${page}/metrics/<metric>/data`,
        '-d "data[timestamp]=$(date +%s)" -d "data[value]=42" ',
      )
    case 'read':
    case 'manage':
      return ask('OAuth', `/v1/pages/${page}/components`)
    case 'disclose':
      return ask('OAuth', `/v1/pages/${page}/incidents`)
  }
}

/** A secret that is shown this once. */
export interface NewSecret {
  readonly secret: string
  readonly name: string
  /** Null: there is none before it, or it has ended. */
  readonly formerUntil: Instant | null
  readonly isNew: boolean
}
