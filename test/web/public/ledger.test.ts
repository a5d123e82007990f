import { expect, test } from 'vitest'
import { disclosedKinds } from '../../../src/domain/ledger/entries.ts'
import { locales } from '../../../src/domain/site/site.ts'
import { patterns } from '../../../src/lib/messages.ts'
import { afternoon } from '../../domain/ledger/story.ts'
import { world } from '../../world.ts'

test.each(locales)('in %s every kind of entry has words', (locale) => {
  const known = patterns(locale)
  for (const kind of disclosedKinds) expect(known.has(`ledger.kinds.${kind}`), kind).toBe(true)
})

test('the page of the ledger says where it stands, in each language, and leads to what entries are about', async () => {
  const here = await world()
  const { incident } = await afternoon(here)
  const { app } = await here.app()
  const head = JSON.parse((await app.inject('/ledger/head.json')).body) as { hash: string; key: string; seq: number }
  for (const path of ['/ledger', '/fr/ledger', '/fa/ledger', '/pt-BR/ledger', '/zh-Hant/ledger']) {
    const { statusCode, body } = await app.inject(path)
    expect(statusCode).toBe(200)
    expect(body).toContain(head.hash)
    expect(body).toContain(`--key ${head.key}`)
    expect(body).toContain(`/incidents/${incident}"`)
  }
  expect((await app.inject('/fr/ledger')).body).toContain('Incident résolu')
})

test('every page leads to it', async () => {
  const { app } = await (await world()).app()
  expect((await app.inject('/fr/history')).body).toContain('href="/fr/ledger"')
})

test('the page of a long ledger is as short as that of a short one', async () => {
  const here = await world()
  for (let round = 0; round < 12; round += 1) await afternoon(here)
  const { app } = await here.app()
  const { body } = await app.inject('/ledger')
  expect(body.match(/<tr>/g)).toHaveLength(1 + 25)
})
