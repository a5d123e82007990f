import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { NamePart, Reader } from '../../domain/site/reader.ts'
import { type Frame, frameOf } from './frame.ts'
import { gravestFirst } from './gravest-first.ts'
import { type MeToo, meTooOf } from './me-too.ts'

export interface ReportModel {
  readonly frame: Frame
  readonly action: string
  readonly open: readonly { readonly name: NamePart; readonly href: string; readonly meToo: MeToo }[]
  readonly components: readonly { readonly id: string; readonly name: NamePart }[]
}

/** More than these nobody looks through: who runs thousands of instances is told without a name. */
const mostChoices = 200

/** Where readers say that something is wrong; also where a form leads that was not sent from our own pages. */
export function reportModel(snapshot: Snapshot, reader: Reader, url: string): ReportModel {
  const { openIncidents, listed, site } = snapshot
  const title = reader.say('report.title')
  return {
    frame: frameOf({
      snapshot,
      reader,
      url,
      path: '/report',
      title: reader.say('incident.title', { name: title, site: reader.name(site, 'name').text }),
      description: title,
    }),
    action: url + reader.href('/reports'),
    open: gravestFirst(openIncidents).flatMap((incident) => {
      const meToo = meTooOf(incident, snapshot, reader, url)
      const name = reader.name(incident, 'name', incident.locale)
      return meToo ? [{ name, href: reader.href(`/incidents/${incident.id}`), meToo }] : []
    }),
    components:
      listed.length > mostChoices
        ? []
        : listed.map((component) => ({ id: component.id, name: reader.name(component, 'name') })),
  }
}

export interface ReportedModel {
  readonly frame: Frame
}

export function reportedModel(snapshot: Snapshot, reader: Reader, url: string): ReportedModel {
  const title = reader.say('report.done')
  const site = reader.name(snapshot.site, 'name').text
  return {
    frame: frameOf({
      snapshot,
      reader,
      url,
      path: '/reported',
      title: reader.say('incident.title', { name: title, site }),
      description: reader.say('report.doneText'),
    }),
  }
}
