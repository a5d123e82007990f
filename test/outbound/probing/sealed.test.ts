import { expect, test } from 'vitest'
import { pauseProbe, resumeProbe } from '../../../src/domain/probes/commands.ts'
import { latestState } from '../../../src/domain/probes/verdicts/states.ts'
import { vault } from '../../../src/lib/vault.ts'
import { findingInWords } from '../../../src/web/admin/probes/evidence.ts'
import { happened, liveWorld, service, until, watches } from './live.ts'

test('a probe whose secrets came without their key is not measured, says so, and is not down', async () => {
  const it = await liveWorld()
  const shop = await service()
  const { probeId } = await watches(it, 'Shop', { url: shop.url, bearer: 'heron' })
  const other = vault('the key of the machine that the backup came from')
  const sealed = other.seal('heron', `probe ${probeId} bearer`)
  await it.db.updateTable('probe_secrets').set({ sealed }).where('probe_id', '=', probeId).execute()
  // As after a start: the list of probes is read anew.
  await it.change({ kind: 'command', name: 'test' }, (change) => pauseProbe(change, probeId))
  await it.change({ kind: 'command', name: 'test' }, (change) => resumeProbe(change, probeId))
  await until('it was checked without its secret', async () => {
    return (await latestState(it.db, probeId))?.last?.reason === 'sealed'
  })
  const asked = shop.asked
  const last = (await latestState(it.db, probeId))?.last
  expect(last).toMatchObject({ outcome: 'inconclusive', ms: null })
  expect(last && findingInWords(last)).toBe('what it sends was sealed with the key of another machine: give it again')
  expect(await happened(it, 'incident.')).toEqual([])
  expect(shop.asked).toBe(asked)
})
