import type { Db } from '../../src/database/database.ts'

/** What every kind of probe expects, beside what its own kind asks. */
export async function probeQuestions(db: Db): Promise<void> {
  await db.schema
    .alterTable('probes')
    .addColumn('expects', 'text', (c) => c.notNull().defaultTo('{"latencyLimitMs":null,"assertions":[]}'))
    .execute()
  const rows = await db.selectFrom('probes').select(['id', 'spec']).orderBy('id').execute()
  for (const { id, spec } of rows) {
    const {
      latencyLimitMs = null,
      expectedStatus,
      contains = null,
      containsNot = null,
      jsonPath = null,
      jsonEquals = null,
      ...own
    } = JSON.parse(spec) as SpecOfBefore
    const assertions = [
      claim('status', 'in', expectedStatus ?? '200-299'),
      ...(contains === null ? [] : [claim('body', 'contains', contains)]),
      ...(containsNot === null ? [] : [claim('body', 'not contains', containsNot)]),
      ...(jsonPath === null ? [] : [ofJson(jsonPath, jsonEquals)]),
    ]
    await db
      .updateTable('probes')
      .set({ spec: JSON.stringify(own), expects: JSON.stringify({ latencyLimitMs, assertions }) })
      .where('id', '=', id)
      .execute()
  }
}

/** What an HTTP probe expected stood in fields of its own, and there was no other kind. */
interface SpecOfBefore {
  readonly latencyLimitMs?: number | null
  readonly expectedStatus?: string
  readonly contains?: string | null
  readonly containsNot?: string | null
  readonly jsonPath?: string | null
  readonly jsonEquals?: string | null
}

function claim(source: string, op: string, value: unknown, path: string | null = null) {
  return { source, path, op, value }
}

/** What stood there was accepted as JSON and as the text of it: `200` was the number and the text. */
function ofJson(path: string, wanted: string | null) {
  if (wanted === null) return claim('json', 'exists', null, path)
  const asText = claim('json', '==', wanted, path)
  const value = parsed(wanted)
  return value === undefined ? asText : { anyOf: [claim('json', '==', value, path), asText] }
}

function parsed(text: string): unknown {
  try {
    const value = JSON.parse(text) as unknown
    return value === Infinity || value === -Infinity ? undefined : value
  } catch {
    // It was meant as plain text.
    return undefined
  }
}
