import { XMLParser } from 'fast-xml-parser'
import ICAL from 'ical.js'
import Parser from 'rss-parser'
import { expect, test } from 'vitest'
import { postUpdate } from '../../../src/domain/incidents/commands.ts'
import { northwind } from '../northwind.ts'
import { wireOf } from '../wire.ts'

async function open() {
  const here = await northwind()
  const [incident] = (await here.readSnapshot()).openIncidents
  const app = await wireOf(here)
  const get = async (path: string) => app.inject(path)
  const titles = async (path: string) =>
    (await new Parser().parseString((await get(path)).body)).items.map((item) => item.title)
  return { here, app, get, titles, id: incident?.id ?? '' }
}

test('the feed of a system has what touched it and nothing else', async () => {
  const { titles, get } = await open()
  expect(await titles('/components/search/history.atom')).toEqual(['A larger search index', 'Search is slow'])
  expect(await titles('/components/search/history.rss')).toEqual(['A larger search index', 'Search is slow'])
  const json = JSON.parse((await get('/components/search/feed.json')).body) as Record<string, unknown>
  expect(json).toMatchObject({
    home_page_url: 'http://status.example/components/search',
    feed_url: 'http://status.example/components/search/feed.json',
  })
  expect((await get('/components/nothing/history.atom')).statusCode).toBe(404)
})

test('the feed of an incident has every word as an entry of its own, so that readers show each', async () => {
  const { here, app, id } = await open()
  here.clock.advance('10m')
  const before = (await app.inject(`/incidents/${id}/history.atom`)).body
  await here.does((it) => postUpdate(it, id, { stage: 'monitoring', body: 'Both take cards again.' }))
  const after = (await (await wireOf(here)).inject(`/incidents/${id}/history.atom`)).body
  const ids = (xml: string): string[] => {
    const { feed } = new XMLParser({ isArray: (name) => name === 'entry' }).parse(xml) as {
      feed: { entry: { id: string }[] }
    }
    return feed.entry.map((entry) => entry.id)
  }
  expect(ids(after)).toHaveLength(ids(before).length + 1)
  expect(ids(after).slice(1)).toEqual(ids(before))
  const [newest] = (await new Parser().parseString(after)).items
  expect(newest?.title).toBe('Monitoring: Cards are declined')
  expect(newest?.link).toMatch(new RegExp(`/incidents/${id}#\\w+$`))
})

test('the calendar of an incident says since when it is, and when the next word is promised', async () => {
  const { get, id } = await open()
  const { headers, body } = await get(`/incidents/${id}/calendar.ics`)
  expect(headers['content-type']).toBe('text/calendar; charset=utf-8')
  const events = new ICAL.Component(ICAL.parse(body) as unknown[] as [string, never[], never[]])
    .getAllSubcomponents('vevent')
    .map((event) => new ICAL.Event(event))
  expect(events.map(({ summary, startDate }) => [summary, startDate.toJSDate().toISOString()])).toEqual([
    ['Northwind: Cards are declined', '2026-11-21T11:50:00.000Z'],
    ['Next update: Cards are declined', '2026-11-21T12:20:00.000Z'],
  ])
})

test('they speak the language of their address, and a page leads to those of its own', async () => {
  const { here, get, id } = await open()
  expect((await get(`/fa/incidents/${id}/history.atom`)).body).toContain('xml:lang="fa"')
  const { app } = await here.app()
  expect((await app.inject(`/fr/incidents/${id}`)).body).toContain(`href="/fr/incidents/${id}/history.atom"`)
  expect((await app.inject('/components/search')).body).toContain('href="/components/search/feed.json"')
})

test('a page of what is over leads to no feed: nothing follows', async () => {
  const { here, id } = await open()
  await here.does((it) => postUpdate(it, id, { stage: 'resolved', body: 'It is over.' }))
  const { app } = await here.app()
  expect((await app.inject(`/incidents/${id}`)).body).not.toContain(`/incidents/${id}/history.atom`)
  expect((await app.inject(`/incidents/${id}/history.atom`)).statusCode).toBe(200)
})
