import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Document, toDocument } from '../../../src/web/shared/document.ts'
import { keepOnDisk, readKept } from '../../../src/web/shared/kept.ts'
import type { Step } from '../../../src/web/shared/publication.ts'
import { ownFolder } from '../../own-folder.ts'

async function steps(into: string, logged: unknown[] = []) {
  let tell: (step: Step) => void = () => undefined
  const stop = keepOnDisk({ follow: (follower) => (tell = follower) }, into, {
    error: (error) => logged.push(error),
  })
  return {
    tell: (changed: [string, Document][], gone: string[] = []) => tell({ changed: new Map(changed), gone }),
    stop,
  }
}

const page = (text: string) => toDocument('/', { contentType: 'text/html; charset=utf-8', body: text })

test('what was published last is there again, byte for byte, and what is gone is not', async () => {
  const data = ownFolder()
  const { tell, stop } = await steps(data)
  const [old, next, feed] = [await page('calm'), await page('trouble'), await page('feed')]
  tell([
    ['/', old],
    ['/feed', feed],
    ['/thing', feed],
  ])
  tell([['/', next]], ['/thing'])
  await stop()
  const kept = await readKept(data)
  expect([...kept.keys()].toSorted()).toEqual(['/', '/feed'])
  expect(kept.get('/')).toEqual(next)
  expect(Buffer.isBuffer(kept.get('/')?.encodings.br.body)).toBe(true)
  expect(readdirSync(data)).toEqual(['published'])
})

test('a file that is damaged or of another version is as good as none', async () => {
  const data = ownFolder()
  expect((await readKept(data)).size).toBe(0)
  writeFileSync(join(data, 'published'), 'half a fi')
  expect((await readKept(data)).size).toBe(0)
})

test('it keeps no more than its share, and always what comes first', async () => {
  const data = ownFolder()
  const { tell, stop } = await steps(data)
  const huge = { ...(await page('huge')), size: 20 * 1024 * 1024 }
  tell([
    ['/', await page('calm')],
    ['/huge', huge],
  ])
  await stop()
  expect([...(await readKept(data)).keys()]).toEqual(['/'])
})

test('a page that grows when there is no room left stays', async () => {
  const data = ownFolder()
  const { tell, stop } = await steps(data)
  const [calm, trouble] = [await page('calm'), await page('calm no more')]
  tell([['/', calm]])
  tell([['/old', { ...calm, size: 16 * 1024 * 1024 - calm.size }]])
  tell([['/', { ...trouble, size: calm.size + 1 }]])
  await stop()
  expect((await readKept(data)).get('/')?.encodings.identity.body.toString()).toBe('calm no more')
})

test('where it cannot be written, that is told once and stops nothing', async () => {
  const logged: unknown[] = []
  const data = ownFolder()
  writeFileSync(join(data, 'file'), '')
  const { tell, stop } = await steps(join(data, 'file', 'inside'), logged)
  tell([['/', await page('calm')]])
  await stop()
  tell([['/', await page('trouble')]])
  await stop()
  expect(logged).toHaveLength(1)
})
