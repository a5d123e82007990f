import { expect, test } from 'vitest'
import { northwind } from '../northwind.ts'

test('each page has a twin at an address of its own, in the language of that address', async () => {
  const here = await northwind()
  const { app } = await here.app()
  const [incident] = (await here.readSnapshot()).openIncidents
  const front = await app.inject('/index.md')
  expect(front.headers).toMatchObject({
    'content-type': 'text/markdown; charset=utf-8',
    'x-robots-tag': 'noindex',
    vary: 'Accept-Encoding',
  })
  expect(front.body).toMatchInlineSnapshot(`
    "# Northwind

    **Card payments are partly down, and Search is slow or impaired.** Payouts are under maintenance. Everything else works.

    As of 21 November 2026 at 07:00 GMT-5. All times are in Eastern Time.

    ## What is wrong now

    ### [Cards are declined](<http://status.example/incidents/id27.md>)

    **Major · Identified**

    - Began 06:50
    - told you 06:50, at once
    - not over yet
    - **Next update by 07:20 GMT-5**

    #### Affected

    - Card payments: Partly down

    #### What we said

    ##### 21 November 2026 at 06:50 GMT-5 · Identified

    > One of two acquirers declines every card. Paying by transfer works.

    ## Maintenance

    ### [New ledgers](<http://status.example/maintenances/id23.md>)

    **Under way**

    - Planned for 21 November 2026, 06:40–08:00 GMT-5
    - began 06:40
    - announced 10 minutes ahead

    #### Affected

    - Payouts

    #### What we said

    ##### 21 November 2026 at 06:40 GMT-5 · Under way

    > Payouts wait until we are done.

    ##### 21 November 2026 at 06:30 GMT-5 · Planned

    > We work on it at night.

    ### [A larger search index](<http://status.example/maintenances/id15.md>)

    **Planned**

    - Planned for 25 November 2026 at 18:00 – 26 November 2026 at 01:00 GMT-5
    - announced 15 days, 11 hours ahead

    #### Affected

    - Search

    #### What we said

    ##### 10 November 2026 at 07:00 GMT-5 · Planned

    > We work on it at night.

    ## Systems

    - Search: Slow or impaired · 100% uptime in 33 days

    ### Payments

    - Card payments: Partly down · 99.99% uptime in 33 days
    - Payouts: Maintenance

    ---

    - [History, November 2026](<http://status.example/history/2026-11.md>)
    - [The state as JSON; what is not measured is unknown there, and never called working](<http://status.example/summary.json>)
    - This as a page: <http://status.example/>
    "
  `)
  const one = await app.inject(`/incidents/${incident?.id}.md`)
  expect(one.body).toContain('# Cards are declined')
  expect((await app.inject(`/fa/incidents/${incident?.id}.md`)).headers['content-language']).toBe('fa')
  expect((await app.inject('/history/2026-10.md')).body).toContain('Search is slow')
  expect((await app.inject('/incidents/nothing.md')).statusCode).toBe(404)
  expect((await app.inject('/history/1999-01.md')).statusCode).toBe(404)
  expect((await app.inject('/llms.txt')).body).toMatchInlineSnapshot(`
    "# Northwind

    > How Northwind is doing: what works, what does not, since when, and what is being done about it.

    Every incident, every maintenance and every month is there as Markdown too: put .md behind its address, or ask with Accept: text/markdown.

    ## Status

    - [How things are now, and the last 90 days of every system](<http://status.example/index.md>)
    - [Cards are declined](<http://status.example/incidents/id27.md>)

    ## History

    - [What happened in November 2026](<http://status.example/history/2026-11.md>)
    - [What happened in October 2026](<http://status.example/history/2026-10.md>)

    ## API

    - [The state as JSON; what is not measured is unknown there, and never called working](<http://status.example/summary.json>)
    - [The same in the form of the Statuspage API, version 2](<http://status.example/api/v2/summary.json>)
    - [What happened, as a feed](<http://status.example/feed.json>)
    "
  `)
})

test('who asks for Markdown at the address of a page gets it, and no cache keeps it for those who read pages', async () => {
  const { app } = await (await northwind()).app()
  const asked = await app.inject({ url: '/', headers: { accept: 'text/markdown' } })
  expect(asked.headers).toMatchObject({
    'content-type': 'text/markdown; charset=utf-8',
    'cache-control': 'private, no-cache',
    'content-location': '/index.md',
    vary: 'Accept, Accept-Encoding',
  })
  expect(asked.body).toBe((await app.inject('/index.md')).body)
  const page = await app.inject({ url: '/', headers: { accept: 'text/html,*/*;q=0.8' } })
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
  expect(page.headers['cache-control']).toContain('public')
})
