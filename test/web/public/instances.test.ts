import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { changeGroup } from '../../../src/domain/components/groups.ts'
import { instancePages } from '../../../src/web/public/instances-routes.ts'
import { badAfternoon } from '../../bad-afternoon.ts'
import { sampleInstance, withInstances } from '../../sample-instances.ts'
import { instance, trustIncident, trustOf } from '../../trust.ts'
import { world } from '../../world.ts'
import { northwind } from '../northwind.ts'
import { imports } from '../wire.ts'

const ada = { kind: 'operator', id: 'ada', name: 'Ada' } as const

/** A cloud of nine copies, of which one is in trouble and one is no longer in service. */
async function cloud() {
  const here = await world()
  const keys = ['EU42', 'EU43', 'EU44', 'NA1', 'NA2', 'NA3', 'AP1', 'AP2']
  const copies = keys.map((key) =>
    instance({
      key,
      location: key.slice(0, 2),
      ...(key === 'EU42' && { Incidents: [trustIncident()] }),
      ...(key === 'AP2' && { isActive: false }),
    }),
  )
  await imports(here, trustOf(copies))
  const group = (await here.readSnapshot()).groups.find(({ instanceKey }) => instanceKey === 'NA2')
  await here.change(ada, (it) => changeGroup(it, group?.id ?? '', { aliases: ['acme.example'] }))
  const { app, publication } = await here.app()
  await publication.refresh()
  const read = (path: string) => supertest(app.server).get(path)
  return { read, text: async (path: string) => words((await read(path).expect(200)).text) }
}

function words(html: string): string {
  return html
    .replaceAll(/<(?:svg|script|style)[\s\S]*?<\/(?:svg|script|style)>/g, '')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/\s+/g, ' ')
}

describe('a site with many instances', () => {
  test('shows on its front page those in trouble in full, and counts the others', async () => {
    const { read, text } = await cloud()
    const front = await text('/')
    expect(front).toContain('EU42 is slow or impaired.')
    expect(front).toContain('1 of 7 instances is affected.')
    expect(front).toContain('NA, production 3 instances')
    const { text: html } = await read('/')
    expect(html).toContain('href="/components/eu42-sales-cloud"')
    expect(html).not.toContain('href="/components/eu43-sales-cloud"')
    expect(front).not.toContain('No system is listed yet')
  })

  test('names an instance once for all that it suffers in', async () => {
    const { read } = await cloud()
    const { text } = await read('/')
    const chips = /<ul class="chips"[\s\S]*?<\/ul>/.exec(text)?.[0] ?? ''
    expect(chips.match(/<li>/g)).toHaveLength(1)
    expect(chips).toContain('href="/instances/EU42"')
  })

  test('lists all of them by where they are, and says which service does how where', async () => {
    const { read, text } = await cloud()
    const list = await text('/instances')
    expect(list).toContain('Affected now EU42 Slow or impaired · EU, production · 2 of 2 systems affected')
    expect(list).toContain('ServiceAPEUNA')
    expect(list).toContain('Sales Cloud 11 works 1 of 31 of 3: Slow or impaired 33 work')
    expect(list).toContain('No longer in service 1 instance AP2')
    const { text: html } = await read('/instances')
    expect(html).toMatch(/<th colspan="1" scope="colgroup">[\s\S]*<th scope="col">[\s\S]*<th scope="row">/)
    for (const key of ['EU42', 'EU43', 'NA3', 'AP1', 'AP2']) expect(html).toContain(`href="/instances/${key}"`)
  })

  test('has a page for each, with what is wrong there and how each of its systems does', async () => {
    const { text, read } = await cloud()
    const page = await text('/instances/EU42')
    expect(page).toContain('2 of 2 systems affected')
    expect(page).toContain('Performance degradation')
    expect(page).toContain('It is the database.')
    expect(page).toContain('stackS5')
    expect(await text('/instances/EU43')).toContain('Nothing is on record for the last 90 days.')
    expect(page).toContain('Get updates on this')
    const retired = await text('/instances/AP2')
    expect(retired).toContain('This instance is no longer in service')
    expect(retired).not.toContain('Get updates on this')
    await read('/instances/XX1').expect(404)
    await read('/instances/eu42').expect(404)
  })

  test('leads whoever searches to the instance, in their language, without keeping what they typed', async () => {
    const { read, text } = await cloud()
    const found = await read('/find?q=eu42').expect(302)
    expect(found.headers).toMatchObject({ location: '/instances/EU42', 'cache-control': 'no-store' })
    expect((await read('/fa/find?q=https%3A%2F%2Facme.example%2F').expect(302)).headers['location']).toBe(
      '/fa/instances/NA2',
    )
    expect(await text('/find?q=EU4')).toContain('3 instances match.')
    const none = await read('/find?q=%22%3E%3Cscript%3Ealert(1)').expect(200)
    expect(none.text).not.toContain('<script>alert')
    expect(none.headers['cache-control']).toBe('no-store')
    expect(words(none.text)).toContain('Nothing here is called that.')
    expect(none.text).toContain('<label for="q" class="out">Find your instance')
    await read('/find?q=a&q=b').expect(200)
    await read('/find').expect(200)
  })

  test('shows no domain of a customer anywhere', async () => {
    const { read } = await cloud()
    for (const path of ['/', '/instances', '/instances/NA2', '/find?q=na', '/summary.json', '/api/v2/summary.json']) {
      expect((await read(path).expect(200)).text, path).not.toContain('acme')
    }
  })
})

test('a page is there for the list and for each instance, also where its key is no word of an address', () => {
  const pages = instancePages({ view: async () => '', url: 'https://status.example' })
  const cloud = withInstances(badAfternoon)
  const odd = { ...cloud, groups: [sampleInstance('EU/1 ö', {}).group] }
  expect(pages['/instances'].all(cloud)).toEqual(['/instances'])
  expect(pages['/instances/:key'].all(cloud)).toHaveLength(8)
  expect(pages['/instances/:key'].all(odd)).toEqual(['/instances/EU%2F1%20%C3%B6'])
  expect(pages['/instances'].all(badAfternoon)).toEqual([])
})

test('a few instances are groups like others on the front page, and have their list all the same', async () => {
  const here = await world()
  await imports(here, trustOf([instance(), instance({ key: 'EU43' })]))
  const { app, publication } = await here.app()
  await publication.refresh()
  const { text } = await supertest(app.server).get('/').expect(200)
  expect(text).toContain('href="/components/eu43-sales-cloud"')
  expect(text).not.toContain('role="search"')
  await supertest(app.server).get('/instances').expect(200)
})

test('a site without instances shows nothing of them', async () => {
  const here = await northwind()
  const { app, publication } = await here.app()
  await publication.refresh()
  const { text } = await supertest(app.server).get('/').expect(200)
  expect(text).not.toContain('/instances')
  for (const path of ['/instances', '/instances/EU42', '/find?q=EU42', '/fa/instances']) {
    await supertest(app.server).get(path).expect(404)
  }
})
