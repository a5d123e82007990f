import type { Snapshot } from '../../../domain/status/snapshot-types.ts'
import { type Origin, anywhere } from './subscribe-page.ts'

export function ofComponent({ listed }: Snapshot, slug: string): Origin | null {
  const known = listed.find((one) => one.slug === slug)
  return known
    ? { path: `/subscribe/components/${encodeURIComponent(slug)}`, of: { kind: 'component', id: known.id } }
    : null
}

/** While it is open: of one that is over nothing more is to be told. */
export function ofIncident({ openIncidents }: Snapshot, id: string): Origin | null {
  const known = openIncidents.find((one) => one.id === id)
  return known ? { path: `/subscribe/incidents/${id}`, of: { kind: 'incident', id } } : null
}

export function ofInstance({ groups }: Snapshot, key: string): Origin | null {
  const known = groups.find((one) => one.instanceKey === key)
  return known ? { path: `/subscribe/instances/${encodeURIComponent(key)}`, of: { kind: 'group', id: known.id } } : null
}

/** From where a form came that was sent, as it says itself: `component:abc`. Anything else is anywhere. */
export function originOf(said: string, snapshot: Snapshot): Origin {
  const [kind, id] = said.split(':')
  if (kind === 'component') {
    const component = snapshot.listed.find((one) => one.id === id)
    return (component && ofComponent(snapshot, component.slug)) ?? anywhere
  }
  if (kind === 'incident') return ofIncident(snapshot, id ?? '') ?? anywhere
  if (kind === 'group') {
    const key = snapshot.groups.find((one) => one.id === id)?.instanceKey
    return (key && ofInstance(snapshot, key)) || anywhere
  }
  return anywhere
}
