import Fastify from 'fastify'
import { describe, expect, test } from 'vitest'
import { Invalid } from '../../../src/lib/errors.ts'
import { answerErrors } from '../../../src/web/shared/last-resort.ts'
import { world } from '../../world.ts'

describe('what is not there', () => {
  test.each(['/nothing.json', '/components/nothing/embed.json', '/api/nothing', '/fa/x/y.json'])(
    'is told to programs as a problem: %s',
    async (url) => {
      const { app } = await (await world()).app()
      const answer = await app.inject({ url })
      expect(answer.statusCode).toBe(404)
      expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
      expect(answer.json()).toEqual({
        type: '/api#not-found',
        title: 'There is no such thing',
        status: 404,
        detail: 'There is nothing at this address.',
      })
    },
  )

  test.each(['/nothing', '/components/nothing/calendar.ics', '/ledger/entries/77.txt', '/assets/nothing.css'])(
    'is never told with nothing at all: %s',
    async (url) => {
      const { app } = await (await world()).app()
      const answer = await app.inject({ url })
      expect([answer.statusCode, answer.body.length > 20]).toEqual([404, true])
    },
  )
})

describe('an error that no face answers', () => {
  const failing = async (error: unknown) => {
    const lines: string[] = []
    const app = Fastify({
      logger: { level: 'error', stream: { write: (line: string) => void lines.push(line) } },
    })
    answerErrors(app)
    app.get('/*', () => Promise.reject(error as Error))
    return { app, lines }
  }

  test('is logged once, and tells nothing of what went wrong inside', async () => {
    const { app, lines } = await failing(new Error('no such table: accounts at /srv/candor/x.db'))
    const answer = await app.inject({ url: '/x.json' })
    expect([answer.statusCode, lines.length]).toEqual([500, 1])
    const { request, ...problem } = answer.json<{ request: string }>()
    expect(lines[0]).toContain(request)
    expect(problem).toEqual({
      type: '/api#our-fault',
      title: 'This is a fault of ours',
      status: 500,
      detail: 'This could not be made. Please try again in a moment.',
    })
    expect((await app.inject({ url: '/' })).body).toMatch(
      /^This could not be made\. Please try again in a moment\.\nIn the log it stands as [\w-]+\.\n$/,
    )
  })

  test('that is a refusal says why, and is none of our faults', async () => {
    const { app, lines } = await failing(new Invalid('Only one of them.'))
    const answer = await app.inject({ url: '/api/x' })
    expect([answer.statusCode, lines.length]).toEqual([422, 0])
    expect(answer.json()).toMatchObject({ detail: 'Only one of them.', title: 'A field is at fault' })
  })
})
