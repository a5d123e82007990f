import { expect, test } from 'vitest'
import { freshDatabaseUrl } from '../database.ts'
import { wireTo } from '../outbound/probing/place.ts'
import { ownFolder } from '../own-folder.ts'
import { makeSite, startSite } from './site.ts'

const isServer = process.env['TEST_DATABASE_URL'] !== undefined
/** Nobody listens there. */
const nowhere = 1

test.runIf(isServer)(
  'a server that goes away in the middle of a start is waited for, and the start goes on',
  async () => {
    const url = new URL(await freshDatabaseUrl())
    const folder = ownFolder()
    await makeSite(url.href, folder)
    const port = Number(url.port)
    const asked = Promise.withResolvers<void>()
    // Readers are served by then: it asks whose turn it is to check.
    const wire = await wireTo(port, (bytes) => {
      if (bytes.includes('"leases"')) asked.resolve()
    })
    void asked.promise.then(() => {
      wire.leadsTo(nowhere)
      setTimeout(() => wire.leadsTo(port), 2000)
    })
    url.port = new URL(wire.url).port
    const site = await startSite(url.href, folder)
    expect(site.logged()).toContain('The start waits for the database')
    expect(await (await site.read('/')).text()).toContain('Search')
    expect((await site.says('Payments fail')).status).toBe(303)
  },
)
