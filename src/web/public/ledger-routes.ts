import type { Db } from '../../database/database.ts'
import { ledgerNouns } from '../../domain/ledger/entries.ts'
import { currentKey, ledgerEnd, newestEntries } from '../../domain/ledger/queries.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Reader } from '../../domain/site/reader.ts'
import type { Params } from '../shared/paths.ts'
import type { Read } from '../shared/publication.ts'
import type { renderer } from '../shared/views.ts'
import { ledgerModel, verifyModel } from './ledger-page.ts'
import type { PublicViews } from './views.ts'

interface Parts {
  readonly view: ReturnType<typeof renderer<PublicViews>>
  readonly url: string
}

/** No more than that, however long the ledger is. */
const shown = 25

/** The ledger in words, and where a browser verifies it. */
export function ledgerPages({ view, url }: Parts) {
  return {
    '/ledger': {
      async draw(snapshot: Snapshot, reader: Reader, _params: Params, read: Read): Promise<string | null> {
        const facts = await read(ledgerNouns, newest, shown)
        return view('public/ledger', ledgerModel(facts, snapshot, reader, url))
      },
      all: () => ['/ledger'],
    },
    '/ledger/verify': {
      draw: (snapshot: Snapshot, reader: Reader): Promise<string> =>
        view('public/verify', verifyModel(snapshot, reader, url)),
      all: () => ['/ledger/verify'],
    },
  }
}

async function newest(db: Db, count: number): Promise<Parameters<typeof ledgerModel>[0]> {
  return { end: await ledgerEnd(db), key: await currentKey(db), entries: await newestEntries(db, count) }
}
