import { expect, test } from 'vitest'
import { type Locale, locales } from '../../../src/domain/site/site.ts'
import { watched } from './watched.ts'

const acme = {
  kind: 'upstream',
  page: 'https://status.acme.test',
  name: 'Acme *Cloud*',
  policy: 'publish',
}

async function words({ it }: Awaited<ReturnType<typeof watched>>) {
  const rows = await it.db.selectFrom('updates').selectAll().orderBy('displayed_at').orderBy('id').execute()
  return rows.map(({ body, translations }) => ({
    body,
    translations: JSON.parse(translations) as Partial<Record<Locale, { body: string }>>,
  }))
}

test('what a supplier reports is told as its trouble, by the name that we gave it, in every language', async () => {
  const here = await watched(acme)
  await here.finds('pppfff')
  const [incident] = await here.incidents()
  expect(incident).toMatchObject({ name: 'Search: our supplier Acme *Cloud* reports an outage' })
  const [first] = await words(here)
  expect(first?.body).toBe(
    'Since 12:04 UTC, the status page of our supplier Acme \\*Cloud\\* has been reporting an outage, which can affect Search. We are following it.',
  )
  expect(Object.keys(first?.translations ?? {})).toHaveLength(locales.length - 1)
  for (const text of Object.values(first?.translations ?? {})) expect(text?.body).toContain('Acme \\*Cloud\\*')
  expect(JSON.stringify(first)).not.toContain('status.acme.test')
})

test('that it is over is told as what the supplier says, too', async () => {
  const here = await watched(acme)
  await here.finds(`pppfff${'p'.repeat(14)}`)
  await here.jobs()
  expect((await words(here)).map(({ body }) => body.slice(0, 60))).toEqual([
    'Since 12:04 UTC, the status page of our supplier Acme \\*Clou',
    'Since 12:07 UTC, the status page of our supplier Acme \\*Clou',
    'Since 12:07 UTC, the status page of our supplier Acme \\*Clou',
  ])
  expect(await here.incidents()).toMatchObject([{ stage: 'resolved' }])
})

test('a page that cannot be read says nothing to readers', async () => {
  const here = await watched(acme)
  await here.finds('pppiiiiii')
  expect(await here.incidents()).toEqual([])
})

test('a name as long as it may be still makes an incident', async () => {
  const here = await watched({ ...acme, name: 'A'.repeat(100) })
  const long = await here.component('C'.repeat(120))
  const probe = await here.probe(long, { name: 'S'.repeat(100) })
  await here.finds('pppfff', probe)
  const [incident] = await here.incidents()
  expect(incident?.name).toHaveLength(200)
  expect(incident?.name.endsWith('…')).toBe(true)
})
