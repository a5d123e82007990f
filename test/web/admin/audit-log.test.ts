import { expect, test } from 'vitest'
import { changeComponent, createComponent } from '../../../src/domain/components/commands.ts'
import { changeProbe, createProbe } from '../../../src/domain/probes/commands.ts'
import { changeSite } from '../../../src/domain/site/commands.ts'
import { type Person, joins, people } from '../../people.ts'
import { type World, world } from '../../world.ts'

const command = { kind: 'command', name: 'test' } as const

/** The sentences of a page of the log, newest first. */
function sentences(html: string): string[] {
  return [...html.matchAll(/<strong>([^<]*)<\/strong> ([^<]*?)\.\s*<details>/g)].map(
    ([, who, what]) => `${who} ${what}`,
  )
}

async function log(who: Person, query = ''): Promise<string[]> {
  return sentences((await who.opens(`/admin/log${query}`)).text.replaceAll('&quot;', '"'))
}

async function days(of: World): Promise<void> {
  await of.change(command, (it) => createComponent(it, { name: 'Search' }))
  of.clock.advance('1d')
  await of.change({ kind: 'operator', id: 'z', name: 'Zoe' }, (it) => createComponent(it, { name: 'Sign-in' }))
  of.clock.advance('1d')
  await of.change(command, (it) => changeSite(it, { description: 'How we do.' }))
}

test('the log is sifted by who, by what, by when and by words', async () => {
  const it = await world()
  await people(it)
  await days(it)
  // Two days later nobody is signed in any more.
  const ada = await joins(it, 'Una', 'owner')
  const [search, signIn] = ['The command test added the system “Search”', 'Zoe added the system “Sign-in”']
  const site = 'The command test changed the page: description'
  const names = async (query: string): Promise<string[]> =>
    (await log(ada, query)).filter((sentence) => [search, signIn, site].includes(sentence))
  expect(await names('')).toEqual([site, signIn, search])
  expect(await names('?actor=z')).toEqual([signIn])
  expect(await log(ada, '?noun=component')).toEqual([signIn, search])
  expect(await log(ada, '?noun=component&actor=command')).toEqual([search])
  expect(await names('?from=2026-11-22&until=2026-11-22')).toEqual([signIn])
  expect(await names('?until=2026-11-21')).toEqual([search])
  expect(await log(ada, '?words=SIGN-IN%E2%80%9D')).toEqual([signIn])
  // In what changed, too.
  expect(await log(ada, '?words=how we do')).toEqual([site])
  expect(await log(ada, '?words=nobody said this')).toEqual([])
  for (const odd of ['?noun=nonsense&from=2026-02-30&actor=%00', '?words[]=x', '?before=-1', '?until=9999-12-31']) {
    expect((await ada.opens(`/admin/log${odd}`)).status).toBe(200)
  }
})

test('an entry says what was there before, by which means, and from where to who may manage people', async () => {
  const it = await world()
  const { ada, ben } = await people(it)
  await ada.sends('/admin/components', { name: 'Search', shown: 'always', bars: 'shown' })
  const [{ id } = { id: '' }] = await it.db.selectFrom('components').select('id').execute()
  const again = { name: 'Full search', description: '', groupId: '', shown: 'always', bars: 'shown', startDate: '' }
  expect((await ada.sends(`/admin/components/${id}`, again)).status).toBe(303)
  const entry = async (who: Person): Promise<string> => {
    const [first = ''] = /<li id[\s\S]*?<\/li>/.exec((await who.opens('/admin/log?noun=component')).text) ?? []
    return first.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')
  }
  expect(await entry(ada)).toContain('Ada changed the system “Full search”: name')
  expect(await entry(ada)).toContain('name Search Full search')
  expect(await entry(ada)).toContain('at the desk from ')
  expect(await entry(ada)).toMatch(/from (::ffff:)?127\.0\.0\.1/)
  expect(await entry(ben)).toContain('name Search Full search')
  expect(await entry(ben)).not.toContain('127.0.0.1')
})

test('pages follow each other to the end, and a rare find says how far it has looked', async () => {
  const it = await world()
  const { ada } = await people(it)
  await it.change(command, async (change) => {
    const id = await createComponent(change, { name: 'Needle' })
    await changeComponent(change, id, { description: 'How we do.' })
    // As five thousand more of these would be written down, without asking each what it is about.
    const { seq: _, ...last } = await change.tx
      .selectFrom('events')
      .selectAll()
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow()
    const many = Array.from({ length: 500 }, () => last)
    for (let at = 1; at < 5100; at += many.length) {
      await change.tx
        .insertInto('events')
        .values(many.slice(0, 5100 - at))
        .execute()
    }
  })
  const first = (await ada.opens('/admin/log?words=needle%E2%80%9D:')).text
  expect(sentences(first)).toHaveLength(50)
  expect(first).toContain('Older')
  const rare = (await ada.opens('/admin/log?words=added the system')).text
  expect(rare).toContain('Nothing like this among the last 5 000')
  const [, further = ''] = /href="([^"]+)"[^>]*>Look further back/.exec(rare) ?? []
  expect(await log(ada, further.replaceAll('&amp;', '&').slice('/admin/log'.length))).toEqual([
    'The command test added the system “Needle”',
  ])
  // What is taken away is all of it.
  const { text } = await ada.opens('/admin/log.jsonl?noun=component')
  expect(text.trim().split('\n')).toHaveLength(5101)
})

test('what is taken away holds the same, as lines of JSON and for spreadsheets, where nothing is computed', async () => {
  const it = await world()
  const { ada, ben } = await people(it)
  await ada.sends('/admin/components', { name: '=1+1', shown: 'always', bars: 'shown' })
  const jsonl = await ada.opens('/admin/log.jsonl?noun=component')
  expect(jsonl.headers['content-disposition']).toBe('attachment; filename="candor-log-2026-11-21.jsonl"')
  expect(JSON.parse(jsonl.text)).toMatchObject({
    at: '2026-11-21T12:00:00.000Z',
    actor: { kind: 'operator', id: ada.id, name: 'Ada' },
    type: 'component.created',
    data: { name: '=1+1' },
    changes: [],
    what: 'added the system “=1+1”',
    address: expect.stringContaining('127.0.0.1') as string,
  })
  expect(JSON.parse((await ben.opens('/admin/log.jsonl?noun=component')).text)).toMatchObject({ address: null })
  await it.change({ kind: 'operator', id: 'f', name: '=HYPERLINK("x")' }, (change) =>
    createComponent(change, { name: 'Sign-in' }),
  )
  const { text, headers } = await ada.opens('/admin/log.csv?actor=f')
  expect(headers['content-type']).toContain('text/csv')
  expect(text.split('\r\n').slice(0, 2)).toEqual([
    'seq,at,means,actor_id,actor,type,subject,what,changes,address',
    expect.stringMatching(
      /^\d+,2026-11-21T12:00:00\.000Z,at the desk,f,"'=HYPERLINK\(""x""\)",component\.created,id\d+,added the system “Sign-in”,,$/,
    ) as string,
  ])
  expect((await ada.agent.head('/admin/log.csv')).status).toBe(404)
})

test('what a probe asks is read in the log by whoever may see the probe', async () => {
  const it = await world()
  const { ada, ben } = await people(it)
  await it.change(command, async (change) => {
    const component = await createComponent(change, { name: 'Shop' })
    const id = await createProbe(change, { componentId: component, url: 'https://shop.internal/one' })
    await changeProbe(change, id, { url: 'https://shop.internal/two' })
  })
  for (const path of ['/admin/log', '/admin/log.csv', '/admin/log.jsonl']) {
    expect((await ada.opens(path)).text).toContain('shop.internal/two')
    expect((await ben.opens(path)).text).not.toContain('shop.internal/')
  }
  expect(await log(ben, '?words=shop.internal/two')).toEqual([])
})
