import { HtmlValidate } from 'html-validate'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import { nameOf, openApi } from '../../../src/web/api/openapi.ts'
import { calls } from '../../../src/web/api/routes.ts'
import { exampleOf } from '../../../src/web/developers/examples.ts'
import { world } from '../../world.ts'

describe('the page for those who write programs', () => {
  test('has every call with an example, and needs no script and nobody else', async () => {
    const { app } = await (await world()).app()
    const answer = await app.inject({ url: '/api' })
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    for (const call of calls) {
      if (call.method === 'PUT') continue
      expect(answer.body).toContain(`id="${nameOf(call)}"`)
      expect(answer.body).toContain(call.path.replaceAll(/:(\w+)/g, '{$1}'))
    }
    expect(answer.body).not.toMatch(/(src|href)="(https?:)?\/\/(?!status\.example)/)
    // Only the page's own, which is not needed.
    expect(answer.body.match(/<script/g)).toHaveLength(1)
  })

  test('is sound HTML, and says in other languages that its text is English', async () => {
    const { app } = await (await world()).app()
    for (const url of ['/api', '/fa/api']) {
      const { body } = await app.inject({ url })
      const { results } = await new HtmlValidate({
        extends: ['html-validate:standard'],
        rules: {
          'no-inline-style': 'off',
          'long-title': 'off',
          'wcag/h32': 'off',
          'require-sri': 'off',
          'no-trailing-whitespace': 'off',
          'doctype-style': 'off',
          'attribute-boolean-style': 'off',
        },
      }).validateString(body)
      expect(results.flatMap(({ messages }) => messages.map(({ message, line }) => `${line}: ${message}`))).toEqual([])
    }
    const { body } = await app.inject({ url: '/fa/api' })
    expect(body).toContain('<html lang="fa" dir="rtl">')
    expect(body).toContain('<div lang="en" dir="ltr">')
  })

  test('leads to a description that programs may read from anywhere', async () => {
    const { app } = await (await world()).app()
    const answer = await app.inject({ url: '/api/v1/openapi.json' })
    expect(answer.headers['access-control-allow-origin']).toBe('*')
    expect(answer.json()).toMatchObject({ openapi: '3.1.0', servers: [{ url: 'http://status.example/api/v1' }] })
    expect(answer.headers['etag']).toBeDefined()
  })
})

test('what the page shows to send is what its description takes', () => {
  const ajv = new Ajv2020({ strict: false })
  formats.default(ajv)
  ajv.addSchema(openApi({ calls, url: 'http://status.example', page: 'abc' }), 'api')
  for (const call of calls) {
    if (!call.body) continue
    const path = call.path
      .replaceAll(/:(\w+)/g, '{$1}')
      .replaceAll('~', '~0')
      .replaceAll('/', '~1')
    const ref = `api#/paths/${path}/${call.method.toLowerCase()}/requestBody/content/application~1json/schema`
    const takes = ajv.compile({ $ref: ref.replaceAll('{', '%7B').replaceAll('}', '%7D') })
    expect([nameOf(call), takes(exampleOf(call.body, 'what is needed')), takes.errors ?? []]).toEqual([
      nameOf(call),
      true,
      [],
    ])
  }
})
