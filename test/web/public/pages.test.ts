import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import supertest from 'supertest'
import { locales } from '../../../src/domain/site/site.ts'
import { changeSite } from '../../../src/domain/site/commands.ts'
import { changeLook } from '../../../src/domain/site/look.ts'
import { postUpdate } from '../../../src/domain/incidents/commands.ts'
import { northwind } from '../northwind.ts'
import { world } from '../../world.ts'

async function pages() {
  const here = await northwind()
  const { app, publication } = await here.app()
  await publication.refresh()
  const read = (path: string) => supertest(app.server).get(path)
  const text = async (path: string) => words((await read(path).expect(200)).text)
  return { ...here, app, publication, read, text }
}

function words(html: string): string {
  return html
    .replaceAll(/<(?:svg|script|style)[\s\S]*?<\/(?:svg|script|style)>/g, '')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/\s+/g, ' ')
}

function hashOf(css: string): string {
  return `'sha256-${createHash('sha256').update(css).digest('base64')}'`
}

describe('the front page', () => {
  test('says in one sentence how things are, then what is wrong, planned and past', async () => {
    const { text } = await pages()
    const said = await text('/')
    expect(said).toContain('Card payments are partly down, and Search is slow or impaired.')
    expect(said).toContain('Payouts are under maintenance.')
    const order = [
      'Cards are declined',
      'New ledgers',
      'A larger search index',
      'Systems',
      'The last days',
      'Atom feed',
    ]
    expect(order.map((word) => said.indexOf(word))).toEqual(
      order.map((word) => said.indexOf(word)).toSorted((a, b) => a - b),
    )
    expect(said).toContain('Friday 20 November No incident.')
  })

  test('shows every day of a bar as a link to its own page', async () => {
    const { read } = await pages()
    const { text } = await read('/').expect(200)
    expect(text).toContain('href="/components/card-payments/2026-11-21"')
    await read('/components/card-payments/2026-11-21').expect(200)
  })

  test('shows no bars where the component has them hidden, and hides what is shown only in trouble', async () => {
    const { read } = await pages()
    const { text } = await read('/').expect(200)
    expect(text).not.toContain('href="/components/payouts/2026')
    expect(words(text)).not.toContain('Help')
  })

  test('is empty, and says so, before the site is set up', async () => {
    const { app } = await (await world()).app()
    const { text } = await supertest(app.server).get('/').expect(200)
    expect(words(text)).toContain('This page is being set up')
    expect(words(text)).not.toContain('Everything works')
  })
})

describe('in every language', () => {
  test.each(locales)('%s has every page, complete', async (locale) => {
    const { read } = await pages()
    const prefix = locale === 'en' ? '' : `/${locale}`
    const paths = [
      '/',
      '/history',
      '/history/2026-10',
      '/maintenances',
      '/components/search',
      '/components/search/2026-10-29',
    ]
    for (const path of paths) {
      const { text, headers } = await read(prefix + path).expect(200)
      expect(headers['content-language']).toBe(locale)
      expect(text).toContain(`<html lang="${locale}"`)
      expect(text).toContain(`<link rel="canonical" href="http://status.example${prefix}${path}`)
      for (const other of locales) expect(text).toContain(`hreflang="${other}"`)
    }
  })

  test('links stay within the language', async () => {
    const { read } = await pages()
    const { text } = await read('/fa/').expect(200)
    const main = text.slice(text.indexOf('<main'), text.indexOf('</main>'))
    for (const [, href] of main.matchAll(/href="(\/[^"]*)"/g)) expect(href).toMatch(/^\/fa\//)
  })

  test('the prefix of the site’s own language leads to the page without it', async () => {
    const { read } = await pages()
    const { headers } = await read('/en/components/search').expect(302)
    expect(headers['location']).toBe('/components/search')
  })

  test('the language of the site stands at /, the others below theirs', async () => {
    const { change, publication, text, read } = await pages()
    await change({ kind: 'setup' }, (it) => changeSite(it, { locale: 'fr' }))
    await publication.catchUp()
    expect(await text('/')).toContain('Search fonctionne mal ou lentement')
    expect(await text('/en/')).toContain('is slow or impaired')
    await read('/fr/').expect(302)
  })
})

describe('an incident', () => {
  test('has a page at an address that stays, with facts, words and impacts', async () => {
    const { text, read, db } = await pages()
    const { id } = await db
      .selectFrom('incidents')
      .select('id')
      .where('name', '=', 'Search is slow')
      .executeTakeFirstOrThrow()
    const said = await text(`/incidents/${id}`)
    // The site counts in New York.
    expect(said).toContain('Began 29 October at 09:58')
    expect(said).toContain('We told you 29 October at 10:05 7 minutes later')
    expect(said).toContain('Lasted1 hour, 7 minutes')
    expect(said).toContain('Told you after7 minutes')
    expect(said).toContain('The next incident: Cards are declined')
    expect(said).toContain('We found one slow index.')
    expect(said).toContain('Search Slow or impaired')
    expect(said).toContain('29 October at 09:58 – 11:05')
    const { text: html } = await read(`/incidents/${id}`)
    for (const [, update] of html.matchAll(/<li class="said" id="(\w+)">/g))
      expect(html).toContain(`href="/incidents/${id}#${update}"`)
    expect(html).toContain('We found <strong>one</strong> slow index.')
  })

  test('that nobody published has none', async () => {
    const { read } = await pages()
    expect((await read('/incidents/none')).status).toBe(404)
  })

  test('shows a new word as soon as it is published', async () => {
    const { text, db, does, publication } = await pages()
    const { id } = await db
      .selectFrom('incidents')
      .select('id')
      .where('name', '=', 'Cards are declined')
      .executeTakeFirstOrThrow()
    await does((it) => postUpdate(it, id, { stage: 'monitoring', body: 'Cards are accepted again.' }))
    await publication.catchUp()
    expect(await text('/')).toContain('Cards are accepted again.')
    expect(await text(`/incidents/${id}`)).toContain('Cards are accepted again.')
  })
})

describe('history', () => {
  test('has a page a month, from the first thing that happened to now', async () => {
    const { text, read } = await pages()
    expect(await text('/history')).toContain('Cards are declined')
    const october = await text('/history/2026-10')
    expect(october).toContain('1 incident began in this month.')
    expect(october).toContain('Search is slow')
    expect(october).toContain('Later: November 2026')
    expect(october).not.toContain('Earlier:')
    for (const month of ['2026-09', '2026-12', '2026-13', '2026-1', 'x']) await read(`/history/${month}`).expect(404)
  })
})

describe('a day', () => {
  test('says what happened on it, and because of what', async () => {
    const { text } = await pages()
    const said = await text('/components/search/2026-10-29')
    expect(said).toContain('slow or impaired for 1 hour, 7 minutes')
    expect(said).toContain('Search is slow')
    expect(await text('/components/search/2026-10-30')).toContain('worked all day')
  })

  test('exists from the component’s first day to today', async () => {
    const { read } = await pages()
    expect((await read('/components/search/2026-10-20')).status).toBe(200)
    for (const day of ['2026-10-19', '2026-11-22', '2026-02-30', 'today'])
      await read(`/components/search/${day}`).expect(404)
    await read('/components/nothing/2026-10-29').expect(404)
  })
})

describe('maintenance', () => {
  test('has its planned window, and its actual one', async () => {
    const { text, db } = await pages()
    const { id } = await db
      .selectFrom('maintenances')
      .select('id')
      .where('name', '=', 'Moving the archive')
      .executeTakeFirstOrThrow()
    const said = await text(`/maintenances/${id}`)
    expect(said).toContain('Planned for 11 November 2026, 22:00–23:00')
    expect(said).toContain('Planned1 hourUsed45 minutes')
    const all = await text('/maintenances')
    expect(all.indexOf('New ledgers')).toBeLessThan(all.indexOf('A larger search index'))
    expect(all.indexOf('A larger search index')).toBeLessThan(all.indexOf('Moving the archive'))
  })
})

describe('what is sent along', () => {
  test('a page may load its own style, script and data, and nothing else; no cookie is set', async () => {
    const { read } = await pages()
    for (const path of ['/', '/history', '/nowhere']) {
      const { headers } = await read(path).set('host', 'evil.example').set('x-forwarded-host', 'evil.example')
      expect(headers['content-security-policy']).toContain("default-src 'none'")
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
      expect(headers['content-security-policy']).not.toContain('unsafe')
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['referrer-policy']).toBe('no-referrer')
      expect(headers['cross-origin-opener-policy']).toBe('same-origin')
      expect(headers['set-cookie']).toBeUndefined()
    }
    const { text } = await read('/').set('host', 'evil.example')
    expect(text).not.toContain('evil.example')
  })

  test('with an https address it is https for good', async () => {
    const { app } = await (await world({ CANDOR_URL: 'https://status.example' })).app()
    const { headers } = await supertest(app.server).get('/')
    expect(headers['strict-transport-security']).toMatch(/max-age=\d{8,}/)
  })

  test('the script has a name that changes with it, and is kept for ever', async () => {
    const { read } = await pages()
    const { text } = await read('/')
    const [, script = ''] = /<script src="([^"]+)"/.exec(text) ?? []
    const { headers } = await read(script).expect(200)
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
    await read('/assets/public-0000000000.js').expect(404)
    await read('/assets/..%2f..%2fpackage.json').expect(404)
  })

  test('styles stand in the page, and its policy names each of them by its hash and no other', async () => {
    const { read, does, publication } = await pages()
    const sources = async (path: string) => {
      const { text, headers } = await read(path)
      const styles = [...text.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, css = '']) => hashOf(css))
      const [, allowed] = /style-src ([^;]*);/.exec(headers['content-security-policy'] ?? '') ?? []
      return { styles, allowed }
    }
    const before = await sources('/')
    expect(before.styles).toHaveLength(1)
    expect(before.allowed).toContain(before.styles[0])
    await does((it) => changeLook(it, { css: 'h1 { color: teal }' }, 'keep'))
    await publication.refresh()
    const after = await sources('/history')
    // What all pages share, what the front page does without, and the site's own.
    expect(after.styles).toHaveLength(3)
    expect(after.allowed).toBe(after.styles.join(' '))
    expect(after.styles[0]).toBe(before.styles[0])
  })

  test('what is not there is a page that says so, in the language of the address', async () => {
    const { read } = await pages()
    const { text, headers } = await read('/fr/nowhere').expect(404)
    expect(words(text)).toContain('Cette page n’existe pas')
    expect(headers['cache-control']).toBe('no-store')
  })

  test('the same version is the same bytes', async () => {
    const first = await pages()
    const second = await pages()
    expect((await first.read('/fa/')).text).toBe((await second.read('/fa/')).text)
  })
})
