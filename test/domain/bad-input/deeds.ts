import type { Change } from '../../../src/domain/changes/change.ts'
import { changeComponent, createComponent, setComponentStatus } from '../../../src/domain/components/commands.ts'
import { createGroup } from '../../../src/domain/components/groups.ts'
import { orderComponents } from '../../../src/domain/components/order.ts'
import { changeIncident, openIncident, postUpdate } from '../../../src/domain/incidents/commands.ts'
import { draftIncident } from '../../../src/domain/incidents/drafts.ts'
import { announceMaintenance } from '../../../src/domain/maintenances/commands.ts'
import { publishNotice } from '../../../src/domain/notices/commands.ts'
import { changeSite, setUpSite } from '../../../src/domain/site/commands.ts'
import type { Desk } from '../desk.ts'

/** Somebody wrote this into a form or sent it as JSON: of no type at all. */
type Anything = never

/** What, by which deed, with which input; the field that is named, and what is said of it. */
export type Case = [what: string, deed: Deed, input: unknown, field: string | null, message: string]

export type Deed = (input: unknown, of: Desk, incident: string) => (change: Change) => Promise<unknown>

export const opening: Deed =
  (input, { search }) =>
  (it) =>
    openIncident(
      it,
      with_(
        {
          name: 'Search is slow',
          body: 'We look.',
          stage: 'investigating',
          components: [{ id: search, status: 'major_outage' }],
        },
        input,
      ),
    )
export const updating: Deed = (input, _, id) => (it) =>
  postUpdate(it, id, with_({ stage: 'identified', body: 'We know.' }, input))
export const correcting: Deed = (input, _, id) => (it) => changeIncident(it, id, input as Anything)
export const drafting: Deed =
  (input, { search }) =>
  (it) =>
    draftIncident(
      it,
      with_(
        { name: 'A', body: 'B', components: [{ id: search, status: 'major_outage' }], beganAt: '2026-11-21T11:00:00Z' },
        input,
      ),
    )
export const adding: Deed = (input) => (it) => createComponent(it, with_({ name: 'Mail' }, input))
export const changing: Deed =
  (input, { search }) =>
  (it) =>
    changeComponent(it, search, input as Anything)
export const setting: Deed =
  (input, { search }) =>
  (it) =>
    setComponentStatus(it, search, input as Anything)
export const grouping: Deed = (input) => (it) => createGroup(it, with_({ name: 'Europe' }, input))
export const ordering: Deed = (input) => (it) => orderComponents(it, input as Anything)
export const announcing: Deed =
  (input, { search }) =>
  (it) =>
    announceMaintenance(
      it,
      with_(
        {
          name: 'Move',
          body: 'We move.',
          plannedFrom: '2026-11-22T01:00:00Z',
          plannedUntil: '2026-11-22T02:00:00Z',
          components: [search],
        },
        input,
      ),
    )
export const noticing: Deed = (input) => (it) => publishNotice(it, with_({ name: 'Holidays', body: 'Closed.' }, input))
export const settingUp: Deed = (input) => (it) =>
  setUpSite(it, with_({ name: 'Northwind', zone: 'UTC', locale: 'en' }, input))
export const configuring: Deed = (input) => (it) => changeSite(it, input as Anything)

/** What is expected to be right, with what is wrong put over it; anything that is no object stands for the whole. */
function with_(right: object, wrong: unknown): Anything {
  return (
    typeof wrong === 'object' && wrong !== null && !Array.isArray(wrong) ? { ...right, ...wrong } : wrong
  ) as Anything
}
