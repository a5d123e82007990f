import { describe, expect, test } from 'vitest'
import supertest from 'supertest'
import { changeNotice, endNotice, publishNotice } from '../../../src/domain/notices/commands.ts'
import type { NewNotice } from '../../../src/domain/notices/input.ts'
import type { Unchecked } from '../../../src/lib/fields.ts'
import { desk } from '../../domain/desk.ts'

async function noticed(given: Partial<Unchecked<NewNotice>> = {}) {
  const here = await desk()
  const id = await here.does((it) =>
    publishNotice(it, { name: 'New addresses', body: 'Our webhooks come from **elsewhere**.', ...given }),
  )
  const { app, publication } = await here.app()
  const read = async (path: string, status = 200): Promise<string> => {
    await publication.catchUp()
    return (await supertest(app.server).get(path).buffer().expect(status)).text
  }
  return { ...here, id, read }
}

describe('a notice', () => {
  test('appears and goes at its very seconds, on the page, in JSON and with its own page', async () => {
    const { id, read, clock } = await noticed({ shownFrom: '2026-11-21T13:00:30Z', shownUntil: '2026-11-21T14:00:30Z' })
    clock.set('2026-11-21T13:00:29.000Z')
    for (const path of ['/', '/summary.json', '/history.atom', '/history/2026-11', '/sitemap.xml']) {
      expect(await read(path), path).not.toContain(id)
    }
    await read(`/notices/${id}`, 404)
    clock.set('2026-11-21T13:00:30.000Z')
    for (const path of ['/', '/summary.json', '/history.atom', '/history/2026-11', '/sitemap.xml']) {
      expect(await read(path), path).toContain(id)
    }
    expect(await read(`/notices/${id}`)).toContain('Our webhooks come from <strong>elsewhere</strong>.')
    clock.set('2026-11-21T14:00:30.000Z')
    expect(await read('/')).not.toContain(id)
    expect(await read('/summary.json')).not.toContain(id)
    // What was said stays where it was said.
    for (const path of ['/history.atom', '/history/2026-11', `/notices/${id}`]) {
      expect(await read(path), path).toContain('New addresses')
    }
  })

  test('stands above the verdict where it is pinned, and else below', async () => {
    const { id, does, read } = await noticed({ pinned: 'yes' })
    const isAbove = async (): Promise<boolean> => {
      const html = await read('/')
      return html.indexOf(`/notices/${id}`) < html.indexOf('<section class="verdict ok')
    }
    expect(await isAbove()).toBe(true)
    await does((it) => changeNotice(it, id, { pinned: 'no' }))
    expect(await isAbove()).toBe(false)
  })

  test('that was changed says so, and what it said before', async () => {
    const { id, does, read, clock } = await noticed()
    clock.advance('42m')
    await does((it) => changeNotice(it, id, { body: 'Our webhooks come from **here**.' }))
    expect(await read('/')).toMatch(/changed <time [^>]*>12:42</)
    const page = await read(`/notices/${id}`)
    expect(page).toContain('What it said before')
    expect(page).toMatch(/<del><span class="out">removed: <\/span>elsewhere<\/del>/)
    const entry = /<entry>[^]*?<\/entry>/.exec(await read('/history.atom'))?.[0] ?? ''
    expect(entry).toContain(`<id>tag:status.example,2005:Notice/${id}</id>`)
    expect(entry).toContain('<published>2026-11-21T12:00:00Z</published>')
    expect(entry).toContain('<updated>2026-11-21T12:42:00Z</updated>')
    expect(JSON.parse(await read('/summary.json'))).toMatchObject({
      notices: [{ id, pinned: false, since: '2026-11-21T12:00:00.000Z', changed_at: '2026-11-21T12:42:00.000Z' }],
    })
  })

  test('is read in the language of the page, and says whose words they are where it has none', async () => {
    const { id, read } = await noticed({ translations: { fa: { name: 'نشانی‌های تازه' } } })
    const page = await read(`/fa/notices/${id}`)
    expect(page).toContain('نشانی‌های تازه')
    expect(page).toMatch(/<div class="text" lang="en" dir="ltr"><p>Our webhooks/)
    expect(await read('/fa/history.atom')).toContain('<div lang="en" dir="ltr">')
  })

  test('is over at once when it is ended', async () => {
    const { id, does, read, clock } = await noticed()
    clock.advance('1h')
    await does((it) => endNotice(it, id))
    expect(await read('/')).not.toContain(id)
    expect(await read(`/notices/${id}`)).toContain('Shown')
  })
})
