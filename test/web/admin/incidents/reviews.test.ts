import type { Server } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createComponent } from '../../../../src/domain/components/commands.ts'
import { openIncident, postUpdate } from '../../../../src/domain/incidents/commands.ts'
import { readIncident } from '../../../../src/domain/incidents/queries.ts'
import { openActions, reviewAtDesk } from '../../../../src/domain/reviews/queries.ts'
import { isSQLite } from '../../../database.ts'
import { people, signsIn } from '../../../people.ts'
import { world } from '../../../world.ts'
import { everyHead } from '../../../domain/reviews/looking-back.ts'

async function desk() {
  const here = await world()
  const all = await people(here)
  const actor = { kind: 'operator', id: all.ada.id, name: 'Ada' } as const
  const id = await here.change(actor, async (it) => {
    const search = await createComponent(it, { name: 'Search' })
    const components = [{ id: search, status: 'partial_outage' }]
    return openIncident(it, { name: 'Search is slow', body: 'Searches fail.', stage: 'investigating', components })
  })
  here.clock.advance('1h')
  await here.change(actor, (it) => postUpdate(it, id, { stage: 'resolved', body: 'Search works.' }))
  const path = `/admin/incidents/${id}/review`
  const seenBy = async (who: typeof all.ada) =>
    /name="seen" value="([^"]*)"/.exec((await who.opens(path)).text)?.[1] ?? ''
  const send = async (who: typeof all.ada, fields: Readonly<Record<string, string>>) =>
    who.sends(path, { seen: await seenBy(who), ...fields }, path)
  return {
    ...here,
    ...all,
    id,
    path,
    send,
    seenBy,
    review: async () => (await readIncident(here.db, id))?.review ?? null,
  }
}

const typed = Object.fromEntries(Object.entries(everyHead).map(([head, text]) => [`heads.${head}`, text]))

test('what is owed stands on a page of its own, with who has to say what by when', async () => {
  const { ben, path } = await desk()
  const { text } = await ben.opens('/admin/reviews')
  expect(text).toContain('preliminary review owed by')
  expect(text).toContain('final review owed by')
  expect(text).toContain(`href="${path}"`)
  expect(text).toContain('Nothing that was promised is open.')
})

test('what is late, or due within a day, stands under what needs a word now', async () => {
  const { ben, ada, send, clock } = await desk()
  expect((await ben.opens('/admin')).text).not.toContain('Promised after incidents')
  clock.advance('3d')
  await signsIn(ben)
  await signsIn(ada)
  expect((await ben.opens('/admin')).text).toMatch(/Promised after incidents[^]*late<\/span>/)
  await send(ada, { ...typed, 'actions.0.title': 'Check', 'actions.0.dueOn': '2026-11-25', act: 'final' })
  clock.advance('2d')
  await signsIn(ben)
  expect((await ben.opens('/admin')).text).toMatch(/Promised after incidents[^]*Check[^]*overdue/)
})

test('a draft is saved, looked at and published, with what will be done by when', async () => {
  const { ada, id, path, send, review, db } = await desk()
  const action = {
    'actions.0.title': 'Check indexes',
    'actions.0.dueOn': '2026-12-04',
    'actions.0.owner': 'Search team',
  }
  const looked = await send(ada, { ...typed, ...action, act: 'look' })
  expect([looked.status, looked.headers['location']]).toEqual([303, `${path}/preview`])
  const seen = (await ada.opens(`${path}/preview`)).text
  expect(seen).toContain('What you saw')
  expect(seen).toContain('<p>Nothing checks that an index')
  expect(seen).toContain('Check indexes')
  expect(await review()).toBeNull()

  const form = (await ada.opens(path)).text
  expect(form).toContain('value="Check indexes"')
  const seenAt = /name="seen" value="([^"]*)"/.exec(form)?.[1] ?? ''
  const published = await send(ada, { ...typed, ...action, seen: seenAt, act: 'final' })
  expect(published.headers['location']).toBe(`${path}?done=published`)
  expect(await review()).toMatchObject({ author: 'Ada', actions: [{ title: 'Check indexes', owner: 'Search team' }] })
  expect((await ada.opens(path)).text).toContain('Publish the correction')
  expect((await ada.opens(`/admin/incidents/${id}`)).text).toContain(`href="${path}"`)
  expect(await openActions(db)).toHaveLength(1)
})

test('what is missing is said beside its field, and nothing that was typed is lost', async () => {
  const { ada, send, review } = await desk()
  const refused = await send(ada, { ...typed, 'heads.data': '', act: 'final' })
  expect(refused.status).toBe(422)
  expect(refused.text).toContain('leaves no head out')
  expect(refused.text).toMatch(/id="heads\.data"[^>]*aria-invalid="true"/)
  expect(refused.text).toContain(everyHead.why)
  const undated = await send(ada, { ...typed, 'actions.0.title': 'Some day', act: 'final' })
  expect(undated.text).toContain('By which day will this be done: “Some day”?')
  expect(await review()).toBeNull()
})

test('two people do not overwrite each other: the second one sees what the first one wrote', async () => {
  const { ada, ben, send, db, id } = await desk()
  await send(ada, { ...typed, act: 'save' })
  const refused = await send(ben, { 'heads.saw': 'Mine.', seen: '', act: 'save' })
  expect(refused.status).toBe(409)
  expect(refused.text).toContain('Ada saved this draft meanwhile')
  expect(refused.text).toContain('What Ada saved at')
  expect(refused.text).toContain(everyHead.why)
  expect(refused.text).toContain('Mine.')
  expect((await reviewAtDesk(db, id))?.draft?.heads.saw).toBe(everyHead.saw)
  // Having seen it, the second one decides.
  const seen = /name="seen" value="([^"]*)"/.exec(refused.text)?.[1] ?? ''
  expect((await send(ben, { 'heads.saw': 'Mine.', seen, act: 'save' })).status).toBe(303)
})

test('nor is a published review put back to what it was by who has not seen its correction', async () => {
  const { ada, ben, send, seenBy, review, clock } = await desk()
  await send(ada, { ...typed, act: 'final' })
  const seen = await seenBy(ben)
  clock.advance('1m')
  await send(ada, { ...typed, 'heads.why': 'Nobody checks an index.', reason: 'It was nobody.', act: 'correct' })
  const correction = { ...typed, 'heads.data': 'None.', reason: 'Shorter.', act: 'correct' }
  const refused = await send(ben, { ...correction, seen })
  expect(refused.status).toBe(409)
  expect(refused.text).toContain('What was published at')
  expect(refused.text).toContain('Nobody checks an index.')
  expect((await review())?.heads).toMatchObject({
    why: { text: 'Nobody checks an index.' },
    data: { text: everyHead.data },
  })
  const again = /name="seen" value="([^"]*)"/.exec(refused.text)?.[1] ?? ''
  expect((await send(ben, { ...correction, seen: again })).status).toBe(303)
})

test('a correction needs its reason', async () => {
  const { ada, send, review, path } = await desk()
  await send(ada, { ...typed, act: 'final' })
  const refused = await send(ada, { ...typed, 'heads.data': 'None.', act: 'correct' })
  expect(refused.text).toContain('Say why it is corrected')
  const corrected = await send(ada, { ...typed, 'heads.data': 'None.', reason: 'Shorter.', act: 'correct' })
  expect(corrected.headers['location']).toBe(`${path}?done=review-corrected`)
  expect((await review())?.heads.data?.text).toBe('None.')
})

test('translations are written beside their originals', async () => {
  const { ada, send, review } = await desk()
  await send(ada, { ...typed, 'translations.fr.saw': 'Les recherches échouaient.', act: 'final' })
  expect((await review())?.translations['fr']?.saw?.text).toBe('Les recherches échouaient.')
})

test('why a review was corrected is told in other languages too', async () => {
  const { ada, send, id, path } = await desk()
  await send(ada, { ...typed, act: 'final' })
  expect((await ada.opens(path)).text).toContain('id="reasons.fr.reason"')
  const why = { reason: 'Shorter.', 'reasons.fr.reason': 'Plus court.' }
  const sent = await send(ada, { ...typed, 'heads.data': 'None.', ...why, act: 'correct' })
  expect(sent.status, sent.text).toBe(303)
  expect((await ada.opens(`/incidents/${id}`)).text).toContain('Shorter.')
  const inFrench = (await ada.opens(`/fr/incidents/${id}`)).text
  expect([inFrench.includes('Plus court.'), inFrench.includes('Shorter.')]).toEqual([true, false])
})

test('of two who change an action, the second one is told', async () => {
  const { ada, ben, send, db } = await desk()
  await send(ada, { ...typed, 'actions.0.title': 'Check', 'actions.0.dueOn': '2026-11-25', act: 'final' })
  const [action] = await openActions(db)
  const path = `/admin/actions/${action?.id}`
  const seen = /name="seen" value="([^"]*)"/.exec((await ben.opens(path)).text)?.[1] ?? ''
  const changes = { title: 'Check', dueOn: '2026-11-30', owner: '', act: 'change' }
  await ada.sends(path, { ...changes, title: 'Check each index' }, path)
  expect((await ben.sends(path, { ...changes, seen: seen.replaceAll('&quot;', '"') }, path)).status).toBe(409)
  expect((await openActions(db))[0]?.title).toBe('Check each index')
})

test('of two who correct the same at the same moment, one is told', async () => {
  const { ada, ben, send, db, id, change, app: serve } = await desk()
  const { app } = await serve()
  await send(ada, { ...typed, 'actions.0.title': 'Check', 'actions.0.dueOn': '2026-11-25', act: 'final' })
  const [action] = await openActions(db)
  const impact = (await readIncident(db, id))?.impacts.find(({ status }) => status !== 'operational')
  const fact = { reason: 'As the logs have it.', severityOverride: '', beganAt: '2026-11-21T12:00' }
  const harm = { beganAt: fact.beganAt, endedAt: '2026-11-21T12:30', status: 'major_outage' }
  const forms: [path: string, fields: Readonly<Record<string, string>>, field: string][] = [
    [`/admin/actions/${action?.id}`, { dueOn: '2026-11-30', owner: '', act: 'change' }, 'title'],
    [`/admin/incidents/${id}/change`, fact, 'name'],
    [`/admin/incidents/${id}/impacts/${impact?.id}`, harm, 'reason'],
  ]
  for (const [path, fields, field] of forms) {
    const seen = (/name="seen" value="([^"]*)"/.exec((await ben.opens(path)).text)?.[1] ?? '').replaceAll('&quot;', '"')
    // While something else is being changed, both wait for their turn; on SQLite they could not even read meanwhile.
    const arrived = isSQLite ? null : bothArrive(app.server)
    const other = change({ kind: 'setup' }, async () => arrived)
    const both = await Promise.all(
      [ada, ben].map((who) => who.sends(path, { ...fields, seen, [field]: `As ${who.name} has it.` })),
    )
    await other
    expect([path, ...both.map(({ status }) => status).toSorted((a, b) => a - b)]).toEqual([path, 303, 409])
  }
})

test('an action is moved, done, or given up with a word', async () => {
  const { ada, send, db, path } = await desk()
  const rows = {
    'actions.0.title': 'Check',
    'actions.0.dueOn': '2026-12-04',
    'actions.1.title': 'Buy',
    'actions.1.dueOn': '2026-12-05',
  }
  await send(ada, { ...typed, ...rows, act: 'final' })
  const [check, buy] = await openActions(db)
  const page = `/admin/actions/${check?.id}`
  await ada.sends(page, { title: 'Check', owner: 'Ines', dueOn: '2026-12-10', act: 'change' }, page)
  expect((await openActions(db)).find(({ id }) => id === check?.id)).toMatchObject({
    dueOn: '2026-12-10',
    owner: 'Ines',
  })
  const empty = await ada.sends(page, { word: '', act: 'done' }, page)
  expect(empty.status).toBe(422)
  const settled = await ada.sends(
    page,
    { word: 'It is checked.', 'translations.fr.word': 'C’est vérifié.', act: 'done' },
    page,
  )
  expect(settled.headers['location']).toBe(`${path}?done=changed`)
  await ada.sends(`/admin/actions/${buy?.id}`, { word: 'There is room.', act: 'drop' }, page)
  expect(await openActions(db)).toEqual([])
  expect((await ada.opens('/admin/log')).text).toContain('said that an action is done: “Check”')
})

/** When two forms have been sent, and what can be read of them before their turn has been. */
function bothArrive(server: Server): Promise<void> {
  return new Promise((resolve) => {
    let posts = 0
    const count = ({ method }: { method?: string }): void => {
      posts += method === 'POST' ? 1 : 0
      if (posts < 2) return
      server.off('request', count)
      void turns(200).then(resolve)
    }
    server.on('request', count)
  })
}

async function turns(most: number): Promise<void> {
  for (let turn = 0; turn < most; turn += 1) await setImmediate()
}
