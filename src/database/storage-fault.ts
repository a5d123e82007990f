const ofStorage = [
  /^SQLITE_(FULL|BUSY|LOCKED|IOERR|CANTOPEN|READONLY|NOMEM)/,
  // Of a server: no connection, no room, shutting down, only to be read, a lock that others hold, a disk that fails.
  /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|08|53|57P|25006|55P03|58030)/,
]

/** What the client of a server says by itself; the last, when its connection broke and something is asked on it. */
const withoutCode = /^(connection terminated|timeout exceeded|query read timeout|client (has|was) .* not queryable)/i

/** Whether the database itself cannot work now: the same again later may succeed. Otherwise it is what was asked of it. */
export function isStorageFault(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isStorageFault)
  if (!(error instanceof Error)) return false
  const { code } = error as NodeJS.ErrnoException
  if (code !== undefined && ofStorage.some((pattern) => pattern.test(code))) return true
  return withoutCode.test(error.message) || isStorageFault(error.cause)
}
