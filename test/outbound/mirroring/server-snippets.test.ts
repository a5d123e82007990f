import { expect, test } from 'vitest'
import type { Place } from '../../../src/outbound/mirroring/place.ts'
import { serverSnippets } from '../../../src/outbound/mirroring/server-snippets.ts'

test('what web servers include is written when it changes and not with every page, because they reload then', async () => {
  const files = new Map<string, Buffer>()
  const writes: string[] = []
  const place: Place = {
    name: 'a place',
    era: null,
    read: async (file) => files.get(file) ?? null,
    async write(file, { body }) {
      writes.push(file)
      files.set(file, body)
    },
    remove: async (file) => void files.delete(file),
  }
  const plain = { 'content-type': 'text/html', 'x-frame-options': 'DENY' }
  await serverSnippets(place, plain)
  await serverSnippets(place, plain)
  expect(writes).toEqual(['.headers/nginx.conf', '.headers/Caddyfile'])
  await serverSnippets(place, { ...plain, 'referrer-policy': 'no-referrer' })
  expect(writes).toHaveLength(4)
  expect(String(files.get('.headers/nginx.conf'))).toBe(
    'add_header x-frame-options "DENY" always;\nadd_header referrer-policy "no-referrer" always;\n',
  )
})
