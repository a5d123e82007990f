import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Invalid } from '../../lib/errors.ts'
import { type Bytes, mustFit, parseJson } from './checking.ts'
import {
  type TrustDocument,
  type TrustIncident,
  type TrustInstance,
  type TrustMaintenance,
  trustKinds,
} from './trust-documents.ts'

const largest = 256 * 1024 * 1024

/** Reads a file that holds one recorded answer. */
export async function readAnswer(file: string): Promise<Bytes> {
  const found = await stat(file).catch(() => null)
  if (!found) throw new Invalid(`There is no file ${file}.`)
  if (!found.isFile()) throw new Invalid(`${file} is not a file. Name the file that holds the recorded answer.`)
  if (found.size > largest) throw new Invalid(`${file} is larger than 256 MiB.`)
  return { name: basename(file), bytes: await readFile(file) }
}

/** Reads one recorded answer of the Trust API, or refuses it with the place that is at fault. */
export function readTrustDocument(bytes: Bytes): TrustDocument {
  const { name } = bytes
  const parsed = parseJson(bytes)
  const isList = Array.isArray(parsed)
  const document: unknown[] = isList ? (parsed as unknown[]) : [parsed]
  const kind = kindOf(document[0])
  if (kind === null) {
    throw new Invalid(
      `${name} is no answer of the Trust API: a list of instances, of incidents or of maintenances was expected.`,
      name,
    )
  }
  mustFit(trustKinds[kind], { name, document, path: isList ? (pointer) => pointer : withoutFirst })
  refuseDoubles(name, document as { readonly id?: number; readonly key?: string }[])
  return {
    name,
    instances: kind === 'instances' ? (document as TrustInstance[]) : [],
    incidents: kind === 'incidents' ? (document as TrustIncident[]) : [],
    maintenances: kind === 'maintenances' ? (document as TrustMaintenance[]) : [],
  }
}

function kindOf(first: unknown): keyof typeof trustKinds | null {
  if (first === undefined) return 'instances'
  if (first === null || typeof first !== 'object') return null
  if ('IncidentImpacts' in first) return 'incidents'
  if ('plannedStartTime' in first) return 'maintenances'
  return 'key' in first ? 'instances' : null
}

function refuseDoubles(name: string, things: readonly { readonly id?: number; readonly key?: string }[]): void {
  const seen = new Set<number | string | undefined>()
  for (const [index, { id, key }] of things.entries()) {
    if (seen.has(key ?? id)) {
      const place = `[${index}].${key === undefined ? 'id' : 'key'}`
      throw new Invalid(`${name}: ${place} stands there twice: ${key ?? id}.`, `${name}: ${place}`)
    }
    seen.add(key ?? id)
  }
}

function withoutFirst(pointer: string): string {
  return pointer.replace(/^\/[^/]*/, '')
}
