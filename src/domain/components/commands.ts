import { check } from '../../lib/check.ts'
import { Conflict, Invalid, NotFound } from '../../lib/errors.ts'
import type { Unchecked } from '../../lib/fields.ts'
import type { Change } from '../changes/change.ts'
import { differences } from '../changes/difference.ts'
import { letGo } from '../probes/removing.ts'
import { renameProbes } from '../probes/renaming.ts'
import { changeImpacts, endManualImpacts, setManualImpact } from './impacts.ts'
import { readSite } from '../site/queries.ts'
import { translated } from '../site/translations.ts'
import type { Component } from './component.ts'
import {
  type ComponentChanges,
  type NewComponent,
  type StatusSet,
  componentChanges,
  newComponent,
  statusSet,
} from './input.ts'
import { nextPosition } from './order.ts'
import { readComponent, readGroup } from './queries.ts'
import { freeSlug } from './slugs.ts'

/** Adds a thing to show the status of, at the end of its group; answers its id. */
export async function createComponent(change: Change, input: Unchecked<NewComponent>): Promise<string> {
  const given = check(newComponent, input)
  const groupId = given.groupId ?? null
  await mustBeGroup(change, groupId)
  const { locale } = await readSite(change.tx)
  const id = change.ids.next()
  await change.tx
    .insertInto('components')
    .values({
      id,
      slug: await freeSlug(change, given.name),
      group_id: groupId,
      name: given.name,
      description: given.description ?? null,
      translations: JSON.stringify(translated(given.translations, ['name', 'description'], locale)),
      position: await nextPosition(change, groupId),
      bars_hidden_at: given.bars === 'hidden' ? change.now : null,
      shown: given.shown ?? 'always',
      start_date: given.startDate ?? null,
      created_at: change.now,
      updated_at: change.now,
      removed_at: null,
    })
    .execute()
  await change.record({ type: 'component.created', subject: id, data: { name: given.name } })
  return id
}

/** Changes what is given; its address stays. In another group it stands last. */
export async function changeComponent(change: Change, id: string, input: Unchecked<ComponentChanges>): Promise<void> {
  const given = check(componentChanges, input)
  const component = await componentToChange(change, id)
  const groupId = given.groupId === undefined ? component.groupId : given.groupId
  await mustBeGroup(change, groupId)
  const { locale } = await readSite(change.tx)
  const changed = {
    name: given.name ?? component.name,
    description: given.description === undefined ? component.description : given.description,
    groupId,
    position: groupId === component.groupId ? component.position : await nextPosition(change, groupId),
    barsHiddenAt: barsHiddenAt(change, component, given.bars ?? null),
    shown: given.shown ?? component.shown,
    startDate: given.startDate === undefined ? component.startDate : given.startDate,
    translations: JSON.stringify(
      given.translations === undefined
        ? component.translations
        : translated(given.translations, ['name', 'description'], locale),
    ),
  }
  const before = { ...component, translations: JSON.stringify(component.translations) }
  const names = (Object.keys(changed) as (keyof typeof changed)[]).filter((name) => changed[name] !== before[name])
  if (names.length === 0) return
  await change.tx
    .updateTable('components')
    .set({
      name: changed.name,
      description: changed.description,
      group_id: changed.groupId,
      position: changed.position,
      bars_hidden_at: changed.barsHiddenAt,
      shown: changed.shown,
      start_date: changed.startDate,
      translations: changed.translations,
      updated_at: change.now,
    })
    .where('id', '=', id)
    .execute()
  await change.record(
    { type: 'component.changed', subject: id, data: { name: changed.name, fields: names } },
    differences(names, before, changed),
  )
  if (names.includes('name')) await renameProbes(change, id, { before: component.name, after: changed.name })
}

/**
 * Takes a component, and the probes that watch it, off the page; its history stays. Refused while an incident or a
 * maintenance under way names it, because readers would see that one speak of nothing.
 */
export async function removeComponent(change: Change, id: string): Promise<void> {
  const { name } = await componentToChange(change, id)
  const cause = await openCause(change, id)
  if (cause) throw new Conflict(`“${cause}” names “${name}” and is not over: end it first.`)
  await changeImpacts(change, new Map([[id, name]]), change.now, async () => {
    await change.tx
      .updateTable('impacts')
      .set({ ended_at: change.now })
      .where('component_id', '=', id)
      .where('ended_at', 'is', null)
      .execute()
  })
  await change.tx
    .updateTable('components')
    .set({ removed_at: change.now, updated_at: change.now })
    .where('id', '=', id)
    .execute()
  await removeProbes(change, id)
  await change.record({ type: 'component.removed', subject: id, data: { name } })
}

/** Says by hand how a component does, until it is said otherwise. What an incident says of it stands beside it. */
export async function setComponentStatus(change: Change, id: string, input: Unchecked<StatusSet>): Promise<void> {
  const { status } = check(statusSet, input)
  const { name } = await componentToChange(change, id)
  const [moved] = await changeImpacts(change, new Map([[id, name]]), change.now, async () => {
    const ended = await endManualImpacts(change, [id])
    if (status !== 'operational') return setManualImpact(change, { id, status })
    const cause = ended === 0 ? await openCause(change, id) : null
    if (cause) throw new Conflict(`“${cause}” says otherwise of “${name}”: post there that it works.`, 'status')
  })
  const [from, to] = [moved?.from ?? 'operational', moved?.to ?? status]
  await change.record({ type: 'component.status-set', subject: id, data: { name, from, to } })
}

async function componentToChange(change: Change, id: string): Promise<Component> {
  const component = await readComponent(change.tx, id)
  if (!component) throw new NotFound('There is no such component.')
  return component
}

async function mustBeGroup(change: Change, groupId: string | null): Promise<void> {
  if (groupId !== null && !(await readGroup(change.tx, groupId)))
    throw new Invalid('There is no such group.', 'groupId')
}

function barsHiddenAt(
  change: Change,
  component: Component,
  bars: 'shown' | 'hidden' | null,
): Component['barsHiddenAt'] {
  if (bars === null) return component.barsHiddenAt
  return bars === 'hidden' ? (component.barsHiddenAt ?? change.now) : null
}

/** The name of an incident or a maintenance that readers know of and that affects the component now. */
async function openCause(change: Change, id: string): Promise<string | null> {
  const row = await change.tx
    .selectFrom('impacts')
    .leftJoin('incidents', 'incidents.id', 'impacts.incident_id')
    .leftJoin('maintenances', 'maintenances.id', 'impacts.maintenance_id')
    .select(['incidents.name as incident', 'maintenances.name as maintenance'])
    .where('impacts.component_id', '=', id)
    .where('impacts.ended_at', 'is', null)
    .where('impacts.said_at', 'is not', null)
    .where((eb) => eb.or([eb('impacts.incident_id', 'is not', null), eb('impacts.maintenance_id', 'is not', null)]))
    .orderBy('impacts.id')
    .limit(1)
    .executeTakeFirst()
  return row?.incident ?? row?.maintenance ?? null
}

async function removeProbes(change: Change, componentId: string): Promise<void> {
  const probes = await change.tx
    .updateTable('probes')
    .set({ removed_at: change.now, updated_at: change.now })
    .where('component_id', '=', componentId)
    .where('removed_at', 'is', null)
    .returning(['id', 'name'])
    .execute()
  await letGo(
    change,
    probes.map(({ id }) => id),
  )
  for (const probe of probes) {
    await change.record({ type: 'probe.removed', subject: probe.id, data: { name: probe.name } })
  }
}
