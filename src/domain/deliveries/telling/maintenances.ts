import type { Tx } from '../../../database/database.ts'
import type { Update } from '../../incidents/incident.ts'
import type { Maintenance } from '../../maintenances/maintenance.ts'
import { readMaintenance } from '../../maintenances/queries.ts'
import type { Told } from '../told.ts'
import { toldComponents } from './components.ts'
import { toldWord } from './spoken.ts'

/** A word on planned work. */
export function maintenanceWord(moment: Told['moment']) {
  return async (
    tx: Tx,
    {
      type,
      subject,
      data,
    }: MaintenanceEvent & { readonly data: { readonly update: string; readonly former?: readonly string[] } },
  ): Promise<Told | null> => {
    const maintenance = await readMaintenance(tx, subject)
    const word = maintenance?.updates.find(({ id }) => id === data.update)
    if (!maintenance || !word || word.delivered === 'no') return null
    const told = await toldOfMaintenance(tx, maintenance, { event: type, moment, word })
    return data.former ? { ...told, former: await toldComponents(tx, data.former, word.affected) } : told
  }
}

/** A day and an hour before: sooner it stands in calendars and feeds, and that it begins or should end has words of its own. */
const remindedLeads: readonly string[] = ['24h', '1h']

/**
 * Reminds of what readers were told of. Whoever announced it silently wants no mail about it; of a series one occurrence is
 * announced to everybody, and of the others they hear by this.
 */
export async function reminder(
  tx: Tx,
  { type, subject, data }: MaintenanceEvent & { readonly data: { readonly lead: string } },
): Promise<Told | null> {
  if (!remindedLeads.includes(data.lead)) return null
  const maintenance = await readMaintenance(tx, subject)
  if (!maintenance) return null
  const isKnown = maintenance.seriesId !== null || maintenance.updates.some(({ delivered }) => delivered === 'yes')
  if (!isKnown) return null
  return toldOfMaintenance(tx, maintenance, { event: type, moment: 'goes on', word: null })
}

interface MaintenanceEvent {
  readonly type: Told['event']
  readonly subject: string
}

export async function toldOfMaintenance(
  tx: Tx,
  maintenance: Maintenance,
  { word, ...about }: Pick<Told, 'event' | 'moment'> & { readonly word: Update | null },
): Promise<Told> {
  const ends = about.moment === 'ends'
  return {
    ...about,
    kind: 'maintenance',
    subject: {
      noun: 'maintenance',
      id: maintenance.id,
      name: maintenance.name,
      locale: maintenance.locale,
      translations: maintenance.translations,
      severity: 'maintenance',
      stage: word?.stage ?? maintenance.stage,
      beganAt: maintenance.beganAt ?? maintenance.plannedFrom,
      overAt: ends ? (maintenance.endedAt ?? maintenance.cancelledAt) : null,
      planned: { from: maintenance.plannedFrom, until: maintenance.plannedUntil },
    },
    word: word && toldWord(word),
    wordBefore: null,
    components: await toldComponents(tx, maintenance.componentIds, word?.affected ?? null),
  }
}
