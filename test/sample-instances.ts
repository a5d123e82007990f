import type { ComponentStatus } from '../src/domain/components/component.ts'
import type { PublicComponent, Snapshot } from '../src/domain/status/snapshot-types.ts'
import { sampleComponent, sampleGroup } from './sample-snapshot.ts'

/** One copy of a service with three parts. */
export function sampleInstance(
  key: string,
  {
    location = 'EMEA',
    environment = 'production',
    status = 'operational' as ComponentStatus,
    aliases = [] as string[],
  },
) {
  const group = sampleGroup(`group-${key}`, key, {
    instanceKey: key,
    location,
    environment,
    aliases,
    tags: [{ type: 'stack', value: `S-${location}` }],
  })
  const components = ['Sales', 'Billing', 'Search'].map((name, index): PublicComponent => {
    const slug = `${key}-${name}`.toLowerCase()
    return sampleComponent(slug, name, index === 0 ? status : 'operational', { groupId: group.id })
  })
  return { group, components }
}

/** A snapshot with eight instances beside what it has; one of them is in trouble, and one is no longer in service. */
export function withInstances(snapshot: Snapshot): Snapshot {
  const copies = [
    sampleInstance('EU9', { aliases: ['acme.example', '00D500000001'] }),
    sampleInstance('EU10', { status: 'partial_outage' }),
    sampleInstance('EU11', { environment: 'sandbox' }),
    sampleInstance('NA1', { location: 'NA' }),
    sampleInstance('NA2', { location: 'NA' }),
    sampleInstance('NA3', { location: 'NA', environment: 'sandbox' }),
    sampleInstance('AP1', { location: 'APAC' }),
  ]
  const retired = sampleInstance('EU1', {})
  return {
    ...snapshot,
    groups: [...snapshot.groups, ...copies.map(({ group }) => group), retired.group],
    components: [...snapshot.components, ...copies.flatMap(({ components }) => components)],
  }
}
