import type { Selectable } from 'kysely'
import type { ComponentRow, GroupRow, ImpactRow } from '../../database/tables.ts'
import type { Translations } from '../site/site.ts'
import type { Component, ComponentStatus, Group, Impact, Tag } from './component.ts'

export function toComponent(row: Selectable<ComponentRow>): Component {
  return {
    id: row.id,
    slug: row.slug,
    groupId: row.group_id,
    name: row.name,
    description: row.description,
    translations: JSON.parse(row.translations) as Translations<'name' | 'description'>,
    position: row.position,
    barsHiddenAt: row.bars_hidden_at,
    shown: row.shown,
    startDate: row.start_date,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

export function toGroup(row: Selectable<GroupRow>): Group {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    translations: JSON.parse(row.translations) as Translations<'name' | 'description'>,
    position: row.position,
    instanceKey: row.instance_key,
    location: row.location,
    environment: row.environment,
    aliases: JSON.parse(row.aliases) as string[],
    tags: JSON.parse(row.tags) as Tag[],
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

export function toImpact(row: Selectable<ImpactRow>): Impact {
  return {
    id: row.id,
    componentId: row.component_id,
    status: row.status as ComponentStatus,
    beganAt: row.began_at,
    endedAt: row.ended_at,
    saidAt: row.said_at,
    incidentId: row.incident_id,
    maintenanceId: row.maintenance_id,
    probeId: row.probe_id,
  }
}
