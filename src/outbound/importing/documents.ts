import { type Bytes, mustFit, parseJson } from './checking.ts'
import { type ForeignDocument, foreignDocument } from './statuspage-documents.ts'

export interface Source extends Bytes {
  /** What it holds if it is a plain list. */
  readonly holds: 'components' | 'incidents' | 'scheduled_maintenances' | 'everything'
}

/** Reads one recorded document, or refuses it with the place that is at fault. */
export function readDocument({ name, bytes, holds }: Source): ForeignDocument {
  const parsed = parseJson({ name, bytes })
  const isPlainList = Array.isArray(parsed) && holds !== 'everything'
  const document: unknown = isPlainList ? { [holds]: parsed as unknown[] } : parsed
  mustFit(foreignDocument, { name, document, path: isPlainList ? withoutFirst : (pointer) => pointer })
  return document as ForeignDocument
}

function withoutFirst(pointer: string): string {
  return pointer.replace(/^\/[^/]*/, '')
}
