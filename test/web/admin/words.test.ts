import { expect, test } from 'vitest'
import { drafts, openIncidents } from '../../../src/domain/incidents/queries.ts'
import { createComponent } from '../../../src/domain/components/commands.ts'
import { draftIncident } from '../../../src/domain/incidents/drafts.ts'
import { people } from '../../people.ts'
import { type World, world } from '../../world.ts'

async function desk() {
  const it = await world()
  const team = await people(it)
  const component = await it.change({ kind: 'command', name: 'test' }, (change) =>
    createComponent(change, { name: 'Card payments' }),
  )
  return { it, ...team, component }
}

const word = { stage: 'investigating', body: 'We are looking into it.', promise: '30' }

async function untouched(it: World, work: () => Promise<unknown>): Promise<boolean> {
  const before = await it.latestVersion()
  await work()
  return (await it.latestVersion()) === before
}

test('a responder says the first word, and it names itself after what is affected', async () => {
  const { it, ben, component } = await desk()
  const answer = await ben.sends('/admin/incidents', { ...word, [`component.${component}`]: 'partial_outage' })
  expect(answer.status).toBe(303)
  const [incident] = await openIncidents(it.db)
  expect(incident).toMatchObject({ name: 'Card payments: partly down', stage: 'investigating', severity: 'major' })
  expect(incident?.nextUpdateBy).toBe('2026-11-21T12:30:00.000Z')
  expect(incident?.updates[0]).toMatchObject({ author: 'Ben', body: word.body })
  expect((await ben.opens('/admin')).text).toContain('You promised an update on “Card payments: partly down”')
})

/** What was written, and what the incident is called by it. */
const firstLines: readonly (readonly [string, string])[] = [
  ['Cards are **declined**.\nWe are looking into it.', 'Cards are declined'],
  ['St. Gallen is down. We are looking into it.', 'St. Gallen is down. We are looking into it.'],
  ['Hi,\n\ncard payments fail.', 'card payments fail'],
  ['---\n# Card payments fail\nWe look.', 'Card payments fail'],
  ['Hi,', 'Hi,'],
  ['سلام،\n\nپرداخت با کارت کار نمی‌کند.\nبررسی می‌کنیم.', 'پرداخت با کارت کار نمی‌کند'],
  ['大家好，\n信用卡付款失敗。', '信用卡付款失敗'],
  [`API ${'付款失敗'.repeat(40)}。`, `API ${'付款失敗'.repeat(24)}…`],
  ['Card payments fail in Europe\n\nPay by bank transfer until then.', 'Card payments fail in Europe'],
  [`Cards ${'fail '.repeat(40)}. We look.`, `Cards ${'fail '.repeat(18)}fail…`],
  ['决定性。我们在看。', '决定性。我们在看。'],
]

test('a first word that names no system and has no title is published under its first line', async () => {
  const { it, ben } = await desk()
  for (const [body] of firstLines) expect((await ben.sends('/admin/incidents', { ...word, body })).status).toBe(303)
  const called = (await openIncidents(it.db)).map(({ name, updates }) => [updates[0]?.body, name] as const)
  expect(new Map(called)).toEqual(new Map(firstLines))
  expect(called).toHaveLength(firstLines.length)
})

test('a promise is for an instant of the site’s clock, or declined with a reason', async () => {
  const { it, ben } = await desk()
  await ben.sends('/admin/incidents', { ...word, name: 'One', promise: 'at', promiseAt: '2026-11-21T18:15' })
  await ben.sends('/admin/incidents', {
    ...word,
    name: 'Two',
    promise: 'none',
    noPromiseReason: 'Our provider decides.',
  })
  const named = new Map((await openIncidents(it.db)).map((incident) => [incident.name, incident]))
  expect(named.get('One')?.nextUpdateBy).toBe('2026-11-21T18:15:00.000Z')
  expect(named.get('Two')).toMatchObject({ nextUpdateBy: null, noPromiseReason: 'Our provider decides.' })
})

test('a draft that is opened again shows for when its next update is promised, as long as that is to come', async () => {
  const { it, ben } = await desk()
  const sent = { ...word, intent: 'schedule', publishesAt: '2026-11-21T13:00', promise: 'at' }
  await ben.sends('/admin/incidents', { ...sent, name: 'Later', promiseAt: '2026-11-21T18:15' })
  const [draft] = await drafts(it.db)
  const path = `/admin/drafts/${draft?.id}`
  const promised = '<input type="radio" name="promise" value="at" checked>'
  const shown = (await ben.opens(path)).text
  expect(shown).toContain(promised)
  expect(shown).toMatch(/name="promiseAt"[^>]* value="2026-11-21T18:15"/)
  it.clock.advance('7h')
  expect((await ben.opens(path)).text).not.toContain(promised)
})

/** What is wrong, the fields that are, and what is said of them. */
const refusals: readonly (readonly [string, Readonly<Record<string, string | readonly string[]>>, string])[] = [
  ['nothing said at all', { body: ' ' }, 'Write what customers should know'],
  ['no words', { name: 'Broken', body: '  ' }, 'must not be empty'],
  ['words without end', { name: 'Broken', body: 'x'.repeat(25_001) }, 'too long'],
  ['a stage that does not exist', { name: 'Broken', stage: 'panicking' }, 'one of'],
  ['no promise and no reason', { name: 'Broken', promise: 'none' }, 'why no next update'],
  ['a promise in the past', { name: 'Broken', promise: 'at', promiseAt: '2026-11-21T11:00' }, 'has not passed'],
  [
    'a promise on a day that does not exist',
    { name: 'Broken', promise: 'at', promiseAt: '2026-11-31T11:00' },
    'exists',
  ],
  ['a promise nobody offered', { name: 'Broken', promise: '17' }, 'Choose when'],
  ['a beginning to come', { name: 'Broken', beganAt: '2026-11-22T11:00' }, 'still to come'],
  ['a component that does not exist', { name: 'Broken', 'component.nothing': 'major_outage' }, 'There is no component'],
  ['a status that does not exist', { name: 'Broken', 'component.id5': 'on_fire' }, 'one of'],
  ['a field that does not exist', { name: 'Broken', severity: 'critical' }, 'no field “severity”'],
  ['a field that is no word', { name: 'Broken', '__proto__[x]': 'y' }, 'no field'],
  ['a field given twice', { name: ['Broken', 'Not broken'] }, 'more than once'],
  ['a control character', { name: 'Broken\u0007' }, 'U+0007'],
]

test('what is wrong with a first word is refused in words, each time, and nothing changed', async () => {
  const { it, ben } = await desk()
  for (const [wrong, fields, why] of refusals) {
    const isSame = await untouched(it, async () => {
      const body = `We are looking into ${wrong}.`
      const answer = await ben.sends('/admin/incidents', { ...word, body, ...fields })
      const keeps = 'body' in fields || answer.text.includes(body)
      expect([wrong, answer.status, answer.text.includes(why), keeps]).toEqual([wrong, 422, true, true])
    })
    expect([wrong, isSame]).toEqual([wrong, true])
  }
})

test.each([
  ['name', { name: 'x'.repeat(256) }, '<a href="#name">Title</a>: This is too long'],
  ['body', { body: '' }, '<a href="#body">What customers should know</a>: Write what customers'],
  [
    'noPromiseReason',
    { promise: 'none', noPromiseReason: 'x'.repeat(301) },
    '<a href="#noPromiseReason">Why no promise?</a>: ',
  ],
])('the box above a form names the field that has to be mended, as the form does: %s', async (_, wrong, words) => {
  const { ben } = await desk()
  const { status, text } = await ben.sends('/admin/incidents', { ...word, ...wrong }, '/admin/incidents/new')
  expect(status).toBe(422)
  const box = /<div class="fault" role="alert">([\s\S]*?)<\/div>/.exec(text)?.[1] ?? ''
  expect(box).toContain(`<strong>Nothing was changed.</strong> ${words}`)
})

test('HTML in an incident stands on the desk as text', async () => {
  const { ben } = await desk()
  const attack = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
  const sent = await ben.sends('/admin/incidents', {
    ...word,
    name: attack,
    body: `${attack} [x](javascript:alert(1))`,
  })
  for (const path of ['/admin', '/admin/incidents', String(sent.headers['location']), '/admin/log']) {
    const { text, status } = await ben.opens(path)
    expect(status).toBe(200)
    expect(text).not.toMatch(/<script>alert|<img src=x|href="javascript:/)
  }
})

test('two people who answer at once do not talk past each other', async () => {
  const { it, ada, ben, component } = await desk()
  await ben.sends('/admin/incidents', { ...word, [`component.${component}`]: 'major_outage' })
  const [incident] = await openIncidents(it.db)
  const path = `/admin/incidents/${incident?.id}`
  const seen = incident?.updates[0]?.id ?? ''
  const update = (body: string) => ({ ...word, stage: 'identified', body, seen })
  expect((await ada.sends(`${path}/updates`, update('We found the cause.'))).status).toBe(303)
  const late = await ben.sends(`${path}/updates`, update('We are still looking.'))
  expect(late.status).toBe(409)
  expect(late.text).toContain('Ada posted an update meanwhile')
  expect(late.text).toContain('We are still looking.')
  const twice = await ben.sends('/admin/incidents', { ...word, [`component.${component}`]: 'major_outage' })
  expect(twice.status).toBe(409)
})

test.each([
  ['investigating', 'investigating'],
  ['identified', 'identified'],
  ['monitoring', 'monitoring'],
  ['resolved', 'update'],
])('the next word on what is %s begins as %s: nothing is claimed that nobody chose', async (stage, proposed) => {
  const { it, ben, component } = await desk()
  await ben.sends('/admin/incidents', { ...word, [`component.${component}`]: 'major_outage' })
  const [incident] = await openIncidents(it.db)
  const path = `/admin/incidents/${incident?.id}`
  if (stage !== 'investigating') {
    await ben.sends(`${path}/updates`, { ...word, stage, seen: incident?.updates[0]?.id ?? '' })
  }
  const chosen = /<input(?=[^>]* name="stage")(?=[^>]* checked)[^>]* value="([^"]*)"/.exec((await ben.opens(path)).text)
  expect(chosen?.[1]).toBe(proposed)
})

test('resolved ends what it affected; another stage afterwards opens it again', async () => {
  const { it, ben, component } = await desk()
  await ben.sends('/admin/incidents', { ...word, [`component.${component}`]: 'major_outage' })
  const [incident] = await openIncidents(it.db)
  const path = `/admin/incidents/${incident?.id}`
  it.clock.advance('10m')
  const seenOf = async () => /name="seen" value="([^"]*)"/.exec((await ben.opens(path)).text)?.[1] ?? ''
  await ben.sends(`${path}/updates`, { ...word, stage: 'resolved', body: 'Works again.', seen: await seenOf() })
  expect(await openIncidents(it.db)).toEqual([])
  const again = await ben.sends(`${path}/updates`, {
    ...word,
    stage: 'investigating',
    body: 'It is back.',
    seen: await seenOf(),
  })
  expect(again.headers['location']).toBe(`${path}?done=reopened`)
  expect(await openIncidents(it.db)).toHaveLength(1)
})

test('a draft is published, edited or dismissed, and an edited one waits for a person', async () => {
  const { it, ben, component } = await desk()
  const draft = (name: string) =>
    it.change({ kind: 'probe', id: 'p', name: 'Checkout' }, (change) =>
      draftIncident(change, {
        name,
        body: 'Our probes see payments fail.',
        components: [{ id: component, status: 'major_outage' }],
        beganAt: change.now,
        publishesAt: '2026-11-21T12:05:00Z',
      }),
    )
  const [one, two, three] = [await draft('One'), await draft('Two'), await draft('Three')]
  expect((await ben.opens('/admin')).text).toContain('publishes itself in 5 minutes')
  const old = await ben.sends(`/admin/drafts/${one}/publish`, { seen: '2026-11-21T11:59:00.000Z' })
  expect([old.status, old.text.includes('was changed while you read it')]).toEqual([409, true])
  expect(await openIncidents(it.db)).toEqual([])
  const seen = /drafts\/[^/]+\/publish">.*?name="seen" value="([^"]+)"/.exec((await ben.opens('/admin')).text)?.[1]
  expect((await ben.sends(`/admin/drafts/${one}/publish`, { seen: seen ?? '' })).status).toBe(303)
  expect((await ben.sends(`/admin/drafts/${two}/dismiss`)).status).toBe(303)
  const edited = {
    ...word,
    name: 'Three',
    body: 'Payments fail.',
    [`component.${component}`]: 'partial_outage',
    intent: 'save',
    seen: it.clock.now(),
  }
  expect((await ben.sends(`/admin/drafts/${three}`, edited)).status).toBe(303)
  expect((await openIncidents(it.db)).map(({ name }) => name)).toEqual(['One'])
  expect((await ben.opens('/admin')).text).not.toContain('publishes itself in')
  expect((await ben.sends(`/admin/drafts/${three}`, { ...edited, intent: 'publish' })).status).toBe(303)
  expect((await openIncidents(it.db)).map(({ name }) => name)).toContain('Three')
  expect((await ben.sends(`/admin/drafts/${two}/publish`)).status).toBe(409)
})

test('the preview shows the words as readers will see them, and writes nothing', async () => {
  const { it, ben, component } = await desk()
  const isSame = await untouched(it, async () => {
    const { text, status } = await ben.sends('/admin/preview', {
      ...word,
      body: '**Sorry**, <b>we</b>',
      [`component.${component}`]: 'major_outage',
    })
    expect(status).toBe(200)
    expect(text).toContain('<strong>Sorry</strong>, &lt;b&gt;we&lt;/b&gt;')
    expect(text).toContain('Card payments: down')
  })
  expect(isSame).toBe(true)
})
