import { http } from './http.ts'
import type { AnyKind } from './kind.ts'
import { tcp } from './tcp.ts'
import { tls } from './tls.ts'

/** Every kind of probe there is, by the word that is kept. */
export const kinds = { http, tcp, tls }

export type ProbeKindName = keyof typeof kinds
export type ProbeSpecs = { readonly [Name in ProbeKindName]: ReturnType<(typeof kinds)[Name]['read']> }

export const kindNames = Object.keys(kinds) as ProbeKindName[]

/** The rules of a kind that is known only now. */
export function kindOf(name: ProbeKindName): AnyKind {
  return kinds[name] as unknown as AnyKind
}
