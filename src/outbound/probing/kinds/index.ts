import type { ProbeKindName } from '../../../domain/probes/probe.ts'
import type { ProbeKind } from '../kind.ts'
import { http } from './http.ts'

/** Every kind of probe there is. */
export const probeKinds = { http } satisfies { [Name in ProbeKindName]: ProbeKind<never> }
