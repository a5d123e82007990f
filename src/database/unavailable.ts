import type { DatabaseConnection, Driver } from 'kysely'
import { type Lack, Unavailable } from '../lib/errors.ts'
import { isStorageFault } from './storage-fault.ts'

type OfDatabase = Exclude<Lack, 'a thread'>

const lacks: readonly (readonly [RegExp, OfDatabase])[] = [
  [/^SQLITE_READONLY_DBMOVED$/, 'its file'],
  // The last: that a file is made beside the database, to share its memory, which a full disk has no room for.
  [/^(SQLITE_FULL|ENOSPC|53100$|SQLITE_IOERR_SHMSIZE)/, 'room'],
  [/^(SQLITE_READONLY|SQLITE_IOERR|SQLITE_CANTOPEN|58030$)/, 'leave to write'],
  [/^25006$/, 'a server to write to'],
  [/^(SQLITE_BUSY|SQLITE_LOCKED|55P03$)/, 'a turn'],
  [/^(SQLITE_CORRUPT|SQLITE_NOTADB|XX00[12]$)/, 'a sound file'],
]

const words: Record<OfDatabase, string> = {
  'its file':
    'The database file was moved or replaced, so nothing can be kept. Put it back, or start Candor again to use the one that is there.',
  room: 'The disk is full, so nothing can be kept. Make room where Candor has its data, then send this again.',
  'leave to write':
    'The disk of Candor’s data cannot be written: it fails, or may only be read. Look after it (dmesg says why), then send this again.',
  'a server to write to':
    'The database may only be read just now, as when another server takes over, so nothing can be kept. Send this again in a moment.',
  'a turn': 'Another program holds the database, so this could not be done in time. Send it again in a moment.',
  'a sound file': 'The database is damaged. Run “candor doctor” on the machine: it says what to do.',
  'an answer': 'The database does not answer, so nothing can be kept or looked up. Send this again in a moment.',
}

/** A fault of the database itself, with words for the person who waits for it; null: it is none. */
function unavailable(error: unknown): Unavailable | null {
  if (error instanceof Unavailable) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const lack = lacks.find(([pattern]) => pattern.test(code))?.[1] ?? (isStorageFault(error) ? 'an answer' : null)
  return lack && new Unavailable(words[lack], lack, { cause: error })
}

/** The same driver; where the database itself cannot work it throws `Unavailable`, and notes what is lacking. */
export function explaining(driver: Driver, note: (lack: Lack) => void = () => undefined): Driver {
  const explained = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      const fault = unavailable(error)
      if (fault) note(fault.lack)
      throw fault ?? error
    }
  }
  const known = new WeakSet<DatabaseConnection>()
  const acquire = driver.acquireConnection.bind(driver)
  const begin = driver.beginTransaction.bind(driver)
  driver.beginTransaction = (connection, settings) => explained(() => begin(connection, settings))
  driver.acquireConnection = async (options) => {
    const connection = await explained(() => acquire(options))
    if (known.has(connection)) return connection
    known.add(connection)
    const execute = connection.executeQuery.bind(connection)
    connection.executeQuery = (query, queryOptions) => explained(() => execute(query, queryOptions))
    return connection
  }
  return driver
}

/** Notes what is not missed. Where nothing can be kept, whoever only looks is let in all the same. */
export async function whereItCanBeKept(note: Promise<unknown>): Promise<void> {
  try {
    await note
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error
  }
}

/** Does it and writes it down; where that cannot be kept, it is done without a word. */
export async function evenIfItCannotBeTold<T>(told: () => Promise<T>, untold: () => Promise<T>): Promise<T> {
  try {
    return await told()
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error
    return untold()
  }
}

/** The same for what is done at once, as opening a file is. */
export function explainedAtOnce<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw unavailable(error) ?? error
  }
}
