import { expect, test } from 'vitest'
import { exportSubscribers } from '../../../src/domain/subscribers/exporting.ts'
import { checkSubscriberList, importSubscribers } from '../../../src/domain/subscribers/importing.ts'
import { erase } from '../../../src/domain/subscribers/leaving.ts'
import { readTarget } from '../../../src/domain/subscribers/targets.ts'
import {
  liftSuppression,
  suppressAddress,
  suppressionCounts,
  suppressionOf,
} from '../../../src/domain/subscribers/suppressions.ts'
import { ada, desk } from '../desk.ts'
import { only, readers } from './readers.ts'

const usual = { locale: 'en', zone: 'Europe/Lisbon' } as const
const cy = 'cy@example.org'

async function here() {
  const it = await desk()
  return {
    it,
    ...it,
    ...readers(it),
    imports: (csv: string) => importSubscribers(it, ada, csv, usual),
    checks: (csv: string) => checkSubscriberList(it, csv, usual),
    exports: async (): Promise<string> => {
      let text = ''
      for await (const line of exportSubscribers(it.db, it.vault)) text += line
      return text
    },
  }
}

test('a list brings people as it says, with the day on which they agreed, and writes to nobody', async () => {
  const { it, imports, found, letters, search, events } = await here()
  const report = await imports(
    'Email;Consent date;Scope;Language;Zone\n' +
      'cy@example.org;2024-03-01;;;\n' +
      'DEE@Example.org;2025-01-02T10:00:00+01:00;component:search;fa;Asia/Tehran\n',
  )
  expect(report).toEqual({
    lines: 2,
    added: 2,
    known: 0,
    suppressed: 0,
    leftOut: 0,
    faults: [],
    ignoredColumns: [],
  })
  expect(await found(cy)).toMatchObject({
    consentedAt: '2024-03-01T00:00:00.000Z',
    confirmedAt: it.clock.now(),
    source: 'import',
    scope: { everything: 'yes' },
    ...usual,
  })
  expect(await found('dee@example.org')).toMatchObject({
    consentedAt: '2025-01-02T09:00:00.000Z',
    scope: { everything: 'no', components: [search] },
    locale: 'fa',
    zone: 'Asia/Tehran',
  })
  expect(await letters(cy)).toEqual([])
  const told = await events()
  expect(told).toMatchObject([{ type: 'subscriber.added', data: { source: 'import', added: 2 } }])
  expect(JSON.stringify(told)).not.toContain('example.org')
})

test('a list that goes out and comes back makes no stranger’s webhook one that operators answer for', async () => {
  const { imports, exports, db } = await here()
  const line = (path: string, source: string) => `webhook,https://hooks.example.com/${path},2024-03-01,${source}\n`
  const head = 'channel,address,consented_at,source\n'
  const sources = async () =>
    (await db.selectFrom('subscribers').select('source').orderBy('source').execute()).map(({ source }) => source)
  await imports(`${head}${line('a', 'form')}${line('b', 'api')}${line('c', 'operator')}`)
  expect(await sources()).toEqual(['api', 'form', 'import'])
  await imports(await exports())
  expect(await sources()).toEqual(['api', 'form', 'import'])
  // A list of the operator's own says nothing of that: whoever brings it answers for it.
  await imports(`${head}${line('a', '')}${line('b', '')}`)
  expect(await sources()).toEqual(['import', 'import', 'import'])
})

test('a dry run says line by line what is wrong, and what would become of the rest', async () => {
  const { checks, imports, subscribes, isKnown, does } = await here()
  await subscribes(cy)
  await does((it) => suppressAddress(it, 'email', { address: 'gone@example.org' }))
  const list =
    'channel,address,consented_at,scope,language,quiet_hours,kinds,state,shoe_size\n' +
    'email,not an address,2024-03-01,,,,,,\n' +
    'email,a@example.org,,,,,,,\n' +
    'email,a@example.org,2099-01-01,,,,,,\n' +
    'email,a@example.org,yesterday,,,,,,\n' +
    'pigeon,a@example.org,2024-03-01,,,,,,\n' +
    'email,a@example.org,2024-03-01,component:gone,,,,,\n' +
    'email,a@example.org,2024-03-01,,tlh,,,,\n' +
    'email,a@example.org,2024-03-01,,,22:00,,,\n' +
    'email,a@example.org,2024-03-01,,,,weather,,\n' +
    'email,a@example.org,2024-03-01,,,,,,42,too,much\n' +
    'email,b@example.org,2024-03-01,,,22:00-07:00,incident,active,42\n' +
    'email,B@example.org,2024-03-01,,,,,,\n' +
    'email,cy@example.org,2024-03-01,,,,,,\n' +
    'email,gone@example.org,2024-03-01,,,,,,\n' +
    'email,still@example.org,2024-03-01,,,,,paused,\n'
  const { faults, ...counts } = await checks(list)
  expect(counts).toEqual({
    lines: 15,
    added: 1,
    known: 2,
    suppressed: 1,
    leftOut: 1,
    ignoredColumns: ['shoe_size'],
  })
  expect(faults.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  for (const [at, word] of ['address', 'consented_at', 'future', 'consented_at', 'channel', 'scope'].entries()) {
    expect(faults[at]?.words).toContain(word)
  }
  expect(JSON.stringify(faults)).not.toContain('example.org"')
  expect((await imports(list)).faults).toEqual(faults)
  expect(await isKnown('b@example.org')).toBe(false)
})

test.each([
  ['', 'empty'],
  ['address\na@example.org', 'consented_at'],
  ['email,address,consented_at\n', 'twice'],
  ['address,consented_at\n"a@example.org,2024-01-01', 'never end'],
])('a file that is no list is refused as a whole: %j', async (csv, words) => {
  const { imports } = await here()
  const { faults } = await imports(csv)
  expect(faults.map(({ line }) => line)).toEqual([null])
  expect(faults[0]?.words).toContain(words)
})

test('while a long list is read, readers of the page are served', async () => {
  const { checks } = await here()
  const lines = Array.from({ length: 3000 }, (_, index) => `r${index}@example.org,2024-03-01`)
  let served = 0
  let isOver = false
  const serve = (): void => {
    served += 1
    if (!isOver) setImmediate(serve)
  }
  setImmediate(serve)
  const { added } = await checks(['address,consented_at', ...lines].join('\n'))
  isOver = true
  expect(added).toBe(3000)
  // Once in a hundred lines at least.
  expect(served).toBeGreaterThanOrEqual(30)
})

test('who was erased is brought back by no list, and by nobody before an operator is asked', async () => {
  const { it, subscribes, link, exports, imports, isKnown, does } = await here()
  await subscribes(cy)
  await subscribes('dee@example.org')
  const list = await exports()
  await erase(it, await link(cy, 'manage'))
  expect(await imports(list)).toMatchObject({ added: 0, known: 1, suppressed: 1, faults: [] })
  expect(await isKnown(cy)).toBe(false)

  const target = readTarget('email', { address: 'CY@EXAMPLE.org' })
  expect(await suppressionOf(it, 'email', target)).toMatchObject({ reason: 'erased' })
  expect(await suppressionCounts(it.db)).toEqual([{ reason: 'erased', count: 1 }])
  expect(await does((change) => liftSuppression(change, 'email', target))).toBe('lifted')
  expect(await does((change) => liftSuppression(change, 'email', target))).toBe('no')
  expect(await imports(list)).toMatchObject({ added: 1, known: 1, suppressed: 0 })
  expect(await isKnown(cy)).toBe(true)
})

test('whom an operator put on the list is not told, whether they were told before or not', async () => {
  const { it, does, subscribes, ask, isKnown, events } = await here()
  await subscribes(cy)
  for (const address of [cy, 'dee@example.org']) {
    await does((change) => suppressAddress(change, 'email', { address }))
    await ask(address)
    expect(await isKnown(address)).toBe(false)
    expect(await suppressionOf(it, 'email', { address })).toMatchObject({ reason: 'operator' })
  }
  expect(JSON.stringify(await events())).not.toContain('example.org')
})

test('what is exported is imported again as it was', async () => {
  const { subscribes, chooses, exports, imports, found, search } = await here()
  const wishes = {
    ...only({ components: [search] }),
    kinds: ['incident' as const],
    severityFrom: 'major' as const,
    extent: 'ends' as const,
    quiet: { from: '22:00', until: '07:00' },
    locale: 'fa',
    zone: 'Asia/Tehran',
  }
  await subscribes(cy)
  await chooses(cy, wishes)
  await imports(
    "channel,address,consented_at\nsms,'+351912345678,2024-01-01\nwebhook,https://example.org/hook,2024-01-01\n",
  )
  const list = await exports()
  expect(list.split('\r\n')[0]).toBe(
    'channel,address,format,consented_at,scope,kinds,severity_from,extent,quiet_hours,language,zone,state,source,created_at',
  )
  expect(list).toContain('component:search,incident,major,ends,22:00-07:00,fa,Asia/Tehran,active,form')
  expect(list).not.toContain('whsec_')

  const elsewhere = await here()
  expect(await elsewhere.imports(list)).toMatchObject({ lines: 3, added: 3, faults: [] })
  const again = await elsewhere.found(cy)
  expect(again).toMatchObject({ ...wishes, scope: { everything: 'no', components: [elsewhere.search] } })
  expect(again.consentedAt).toBe((await found(cy)).consentedAt)
})
