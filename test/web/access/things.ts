import { createComponent } from '../../../src/domain/components/commands.ts'
import { createGroup } from '../../../src/domain/components/groups.ts'
import { openIncident } from '../../../src/domain/incidents/commands.ts'
import { draftIncident } from '../../../src/domain/incidents/drafts.ts'
import { announceMaintenance } from '../../../src/domain/maintenances/commands.ts'
import { createMetric } from '../../../src/domain/metrics/commands.ts'
import { publishNotice } from '../../../src/domain/notices/commands.ts'
import { createProbe } from '../../../src/domain/probes/commands.ts'
import { readSite } from '../../../src/domain/site/queries.ts'
import { createTemplate } from '../../../src/domain/templates/commands.ts'
import { setUpSite } from '../../../src/domain/site/commands.ts'
import type { World } from '../../world.ts'

/** One of each thing that has an address; answers how addresses lead to them, and to what is not there. */
export async function furnished(of: World): Promise<{ real(url: string): string; missing(url: string): string }> {
  const ids = await of.change({ kind: 'setup' }, async (it): Promise<Record<string, string>> => {
    await setUpSite(it, { name: 'Northwind', zone: 'UTC', locale: 'en' })
    const component = await createComponent(it, { name: 'Search' })
    const affected = { components: [{ id: component, status: 'partial_outage' }] }
    const words = { name: 'Search is slow', body: 'We look.' }
    const incident = await openIncident(it, { ...words, stage: 'investigating', ...affected })
    const { updates } = await it.tx
      .selectFrom('updates')
      .select('id')
      .where('incident_id', '=', incident)
      .execute()
      .then((rows) => ({ updates: rows[0]?.id ?? '' }))
    return {
      components: component,
      incidents: incident,
      update: updates,
      groups: await createGroup(it, { name: 'Europe' }),
      drafts: await draftIncident(it, { name: 'Sign-in fails', body: 'We look.', beganAt: it.now, ...affected }),
      maintenances: await announceMaintenance(it, {
        name: 'Upgrade',
        body: 'Soon.',
        plannedFrom: '2026-11-29T02:00:00Z',
        plannedUntil: '2026-11-29T03:00:00Z',
      }),
      notices: await publishNotice(it, { name: 'Closed on Monday', body: 'We are.' }),
      probes: await createProbe(it, { componentId: component, url: 'https://example.com' }),
      metrics: await createMetric(it, { name: 'Orders', decimals: 0, shown: 'yes' }),
      templates: await createTemplate(it, { name: 'Slow', use: 'incident', title: 'Slow', body: 'It is slow.' }),
      page: (await readSite(it.tx)).id,
    }
  })
  const real = (url: string): string =>
    url
      .replace(':page', ids['page'] ?? '')
      .replace(/incidents\/:(id|incident)\b/, `incidents/${ids['incidents']}`)
      .replace(':update', ids['update'] ?? '')
      .replace(/(metrics|tokens)\/:(metric|id)/, `$1/${ids['metrics']}`)
      .replace(/([a-z-]+)\/:(id|slug)\b/, (_whole, noun: string) => `${noun}/${ids[noun] ?? 'none'}`)
      .replaceAll(/:(?!token|secret)[a-z]+/g, '1')
      .replace('*', 'start')
  const missing = (url: string): string =>
    url
      .replace(':page', ids['page'] ?? '')
      .replaceAll(/:(?!token|secret)[a-z]+/g, 'none')
      .replace('*', 'start')
  return { real, missing }
}
