import type { Incident } from '../../../domain/incidents/incident.ts'
import type { Maintenance } from '../../../domain/maintenances/maintenance.ts'
import { changedAt } from '../../../domain/status/changed-at.ts'
import { overall } from '../../../domain/status/overall.ts'
import type { PublicComponent, Snapshot } from '../../../domain/status/snapshot-types.ts'
import type {
  ComponentDocument,
  IncidentDocument,
  MaintenanceDocument,
  PageDocument,
  StatusDocument,
} from './documents.ts'
import { type At, type Around, componentDocuments, incidentDocument, maintenanceDocument } from './things.ts'
import { timestampsIn } from './timestamps.ts'

/** One snapshot in the words of the Statuspage API v2. Pure: the same snapshot gives the same bytes. */
export interface Shapes {
  readonly page: PageDocument
  readonly status: StatusDocument
  /** Groups are elements too. */
  readonly components: readonly ComponentDocument[]
  incident(incident: Incident): IncidentDocument
  maintenance(maintenance: Maintenance): MaintenanceDocument
}

/** `url`: where the page stands, without a slash at its end. */
export function shapesOf(snapshot: Snapshot, url: string): Shapes {
  const at = timestampsIn(snapshot.site.zone)
  const pageId = snapshot.site.id
  // Made for the document that shows them first, and then for all: with thousands of them it is most of the work.
  const components = (): readonly ComponentDocument[] => listOf(snapshot, at)
  const around: Around = {
    pageId,
    url,
    at,
    named: (ids) => {
      const wanted = new Set(ids)
      return wanted.size === 0 ? [] : components().filter(({ id, group }) => !group && wanted.has(id))
    },
  }
  return {
    page: {
      id: pageId,
      name: snapshot.site.name,
      url,
      time_zone: snapshot.site.zone,
      updated_at: at(changedAt(snapshot)),
    },
    get status() {
      return statusOf(snapshot.components)
    },
    get components() {
      return components()
    },
    incident: (incident) => incidentDocument(incident, around),
    maintenance: (maintenance) => maintenanceDocument(maintenance, around),
  }
}

function statusOf(components: readonly PublicComponent[]): StatusDocument {
  const { state, description } = overall(components.map((component) => component.status))
  return { indicator: state === 'unknown' ? 'none' : state, description }
}

interface List {
  readonly groups: Snapshot['groups']
  readonly site: Snapshot['site']
  readonly documents: readonly ComponentDocument[]
}

/** The list of these very components: editions share what has not changed. */
const lists = new WeakMap<Snapshot['components'], List>()

function listOf({ site, groups, components }: Snapshot, at: At): readonly ComponentDocument[] {
  const known = lists.get(components)
  if (known?.groups === groups && known.site === site) return known.documents
  const documents = componentDocuments({ groups, components }, { pageId: site.id, at })
  lists.set(components, { site, groups, documents })
  return documents
}
