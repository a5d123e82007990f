import { createGroup } from '../../../src/domain/components/groups.ts'
import { createComponent } from '../../../src/domain/components/commands.ts'
import { publishNotice } from '../../../src/domain/notices/commands.ts'
import { assetHref } from '../../../src/web/shared/assets.ts'
import { northwind } from '../northwind.ts'
import { routesOf } from '../../../src/web/shared/access.ts'

export interface Route {
  readonly method: string
  readonly url: string
}

/** A whole product with something of everything, under an address of one's choice. */
export async function furnished(settings: Readonly<Record<string, string>>) {
  const here = await northwind(settings)
  const groupId = await here.does((it) => createGroup(it, { name: 'EU7', instanceKey: 'EU7', location: 'EU' }))
  await here.does((it) => createComponent(it, { name: 'Mail', groupId }))
  const notice = await here.does((it) => publishNotice(it, { name: 'Closed on Monday', body: 'We are.' }))
  const product = await here.app()
  const { app, publication } = product
  await publication.refresh()
  const { openIncidents, openMaintenances } = await here.readSnapshot()
  const known: Readonly<Record<string, string>> = {
    incidents: openIncidents[0]?.id ?? '',
    maintenances: openMaintenances[0]?.id ?? '',
    notices: notice,
  }
  /** An address of the route that leads somewhere, as far as anything is known by its parameters. */
  const addressOf = ({ url }: Route): string =>
    url
      .replace(/(?<=\/(incidents|maintenances|notices)\/):id/, (_, noun: string) => known[noun] ?? '')
      .replace('/history/:month', '/history/2026-11')
      .replace('/record/:month', '/record/2026-10')
      .replace(/:locale\([^)]*\)/, 'fa')
      .replace(':slug', 'search')
      .replace(':date', '2026-11-20')
      .replace(':key', 'EU7')
      .replace(':part', '1.txt')
      .replace('/assets/:name', assetHref('public.js'))
      .replaceAll(/:(\w+)|\*/g, 'none')
  return { here, app, publication, routes: await routesOf(product), addressOf }
}
