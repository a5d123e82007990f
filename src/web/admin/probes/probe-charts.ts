import type { FastifyInstance } from 'fastify'
import { chartFacts, ranges } from '../../../domain/probes/checks/charting.ts'
import { readProbe } from '../../../domain/probes/queries.ts'
import { readSite } from '../../../domain/site/queries.ts'
import { dayOf } from '../../../lib/days.ts'
import { operators } from '../../shared/access.ts'
import { type Reader, readerOf } from '../../../domain/site/reader.ts'
import { measuredCharts } from '../../shared/measured-charts.ts'
import type { Desk } from '../desk.ts'

/** How fast what a probe watches answered, and how much of the time, from each place. */
export function probeChartRoutes(face: FastifyInstance, desk: Desk): void {
  face.get('/probes/:id/charts', { config: { access: operators('see') } }, async (request, reply) => {
    const { id } = request.params as { id: string }
    const probe = await readProbe(desk.db, id)
    const row = await desk.db.selectFrom('probes').select('number').where('id', '=', id).executeTakeFirst()
    const reader = await deskReader(desk)
    const { zone } = await readSite(desk.db)
    const facts = await chartFacts(desk.db, row ? [row.number] : [], { now: desk.clock.now(), zone, of: ranges })
    return desk.show(request, reply, 'admin/probes/charts', {
      title: probe.name,
      model: { probe, charts: measuredCharts({ ...facts, zone }, reader), say: reader.say },
    })
  })
}

/** The desk speaks English, in the site's time zone. */
export async function deskReader({ db, clock }: Desk): Promise<Reader> {
  const site = await readSite(db)
  return readerOf({ site, today: dayOf(clock.now(), site.zone) }, 'en')
}
