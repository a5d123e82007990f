import { expect, test } from 'vitest'
import { atItsBest, etagOf, negotiate, toDocument } from '../../../src/web/shared/document.ts'

test.each([
  [undefined, 'identity'],
  ['', 'identity'],
  ['br', 'br'],
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip;q=1.0, br;q=0', 'gzip'],
  ['GZIP', 'gzip'],
  ['*', 'br'],
  ['*;q=0', 'identity'],
  ['br;q=0, *', 'gzip'],
  ['identity', 'identity'],
] as const)('a reader who accepts %s gets %s', (accepted, encoding) => expect(negotiate(accepted)).toBe(encoding))

test.each([1, 300_000])('%i bytes are called by their hash, wherever that is worked out', async (length) => {
  const body = 'x'.repeat(length)
  const { encodings } = await toDocument('/page', { contentType: 'text/plain', body })
  expect(encodings.identity.etag).toBe(etagOf(body))
})

test.each(['a page', Buffer.from('a picture')])('%j is kept without the block that it was cut from', async (body) => {
  const document = await toDocument('/', { contentType: 'text/plain', body })
  for (const { encodings } of [document, await atItsBest(document)]) {
    const kept = Object.values(encodings).map((it) => it.body.buffer.byteLength - it.body.length)
    expect(kept).toEqual([0, 0, 0])
  }
})
