import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { northwind } from '../northwind.ts'

async function site() {
  const here = await northwind()
  const { app, publication } = await here.app()
  await publication.refresh()
  return { ...here, read: (path: string) => supertest(app.server).get(path) }
}

function words(html: string): string {
  const main = html.slice(html.indexOf('<main'), html.indexOf('</main>'))
  return main.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
}

describe('/history/search', () => {
  test('finds what was said, and leads to the very word', async () => {
    const { read } = await site()
    const { text, headers } = await read('/history/search?q=acquirers').expect(200)
    expect(words(text)).toContain('1 thing was found.')
    expect(words(text)).toContain('One of two acquirers declines every card.')
    expect(text).toMatch(/href="\/incidents\/id\d+#id\d+"/)
    expect(text).toContain('value="acquirers"')
    expect(headers['cache-control']).toBe('no-store')
    expect(headers['content-security-policy']).toContain("default-src 'none'")
  })

  test('lists everything where nothing is asked for, and says so where nothing is found', async () => {
    const { read } = await site()
    expect(words((await read('/history/search').expect(200)).text)).toContain('6 things were found.')
    expect(words((await read('/history/search?q=xyzzy').expect(200)).text)).toContain('Nothing was found.')
    expect(words((await read('/history/search?component=nobody').expect(200)).text)).toContain('Nothing was found.')
  })

  test('is narrowed to a system and to a kind', async () => {
    const { read } = await site()
    const ofSearch = words((await read('/history/search?component=search').expect(200)).text)
    expect(ofSearch).toContain('2 things were found.')
    const { text } = await read('/history/search?component=search&kind=maintenance').expect(200)
    expect(words(text)).toContain('1 thing was found.')
    expect(text).toContain('<option value="search" selected>')
  })

  test('speaks the language of its address, and reads the digits of every script', async () => {
    const { read } = await site()
    expect(words((await read('/fa/history/search?q=۲۰').expect(200)).text)).toContain('۱ مورد یافت شد')
    await read('/en/history/search?q=a%20b').expect(302).expect('location', '/history/search?q=a%20b')
  })

  test('takes whatever is typed for words and nothing else', async () => {
    const { read } = await site()
    const odd = ['q=%22%3E%3Cscript%3E', 'q=a&q=b', 'q[x]=1', 'page=-1', 'page=1e9', 'page=2', `q=${'x'.repeat(5000)}`]
    for (const query of odd) {
      const { text } = await read(`/history/search?${query}`).expect(200)
      expect(text).not.toContain('"><script>')
    }
  })

  test('is not possible without the database, says so, and leaves the months readable', async () => {
    const { read, db } = await site()
    await read('/history').expect(200)
    await db.schema.dropTable('updates').execute()
    const { text, headers } = await read('/history/search?q=card').expect(503)
    expect(words(text)).toContain('Searching is not possible at this moment.')
    expect(headers['retry-after']).toBe('5')
    await read('/history').expect(200)
  })

  test('gives way when too many search at once', async () => {
    const { read } = await site()
    const answers = await Promise.all(Array.from({ length: 60 }, () => read('/history/search?q=card')))
    const busy = answers.filter(({ status }) => status === 503)
    expect(busy.length).toBeGreaterThan(0)
    expect(words(busy[0]?.text ?? '')).toContain('Too many people are searching at this moment.')
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(10)
  })

  test('gives way to one network that searches all the time, which may still read', async () => {
    const { read, clock } = await site()
    const search = () => read('/history/search?q=card')
    expect((await search()).headers).toMatchObject({
      'ratelimit-policy': '"network";q=60;w=60',
      ratelimit: '"network";r=59;t=1',
    })
    for (let each = 1; each < 60; each += 1) await search()
    const { text, headers } = await search().expect(429)
    expect(words(text)).toContain('Very many searches come from your network.')
    expect(headers).toMatchObject({ ratelimit: '"network";r=0;t=1', 'retry-after': '1', 'cache-control': 'no-store' })
    await read('/history').expect(200)
    await read('/').expect(200)
    clock.advance('1s')
    expect((await search()).status).not.toBe(429)
  })
})
