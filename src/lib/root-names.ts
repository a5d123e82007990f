import { Resolver as Asker } from 'node:dns/promises'

/** Whether these name servers, or the machine's own, answer who serves the root of all names. */
export async function asksForTheRoot(servers: readonly string[], patienceMs: number): Promise<boolean> {
  const asker = new Asker({ timeout: patienceMs, tries: 1 })
  if (servers.length > 0) asker.setServers(servers)
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), patienceMs).unref())
  try {
    const names = await Promise.race([asker.resolveNs('.'), late])
    if (names === null) asker.cancel()
    return names !== null
  } catch (error) {
    // That it knows of none is an answer too.
    return ['ENOTFOUND', 'ENODATA', 'ESERVFAIL', 'EREFUSED', 'ENOTIMP'].includes(
      (error as NodeJS.ErrnoException).code ?? '',
    )
  }
}
