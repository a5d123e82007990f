import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { grounds, isReadable, tint } from '../../../src/domain/site/accent.ts'
import { changeLook } from '../../../src/domain/site/look.ts'
import { readLogo, readSite } from '../../../src/domain/site/queries.ts'
import { ada, desk } from '../desk.ts'

const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 30"><path d="M0 0h9v9z"/></svg>')
const png = Buffer.concat([
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
  Buffer.from([0, 0, 0, 64, 0, 0, 0, 32]),
])

test('colours and style sheet are kept, and the event names what changed', async () => {
  const { db, does, events } = await desk()
  await does((it) => changeLook(it, { accent: '#0A5', css: ' h1 { color: teal } ' }, 'keep').catch(() => undefined))
  await does((it) => changeLook(it, { accent: '#075', css: ' h1 { color: teal } ' }, 'keep'))
  expect((await readSite(db)).look).toEqual({
    accent: '#007755',
    accentDark: null,
    css: 'h1 { color: teal }',
    logo: null,
  })
  await does((it) => changeLook(it, { accent: '#007755', accentDark: '', css: 'h1 { color: teal }' }, 'keep'))
  expect(await events()).toMatchObject([{ type: 'site.changed', actor: ada, data: { fields: ['accent', 'css'] } }])
})

test.each([
  [{ accent: '#ffcc00' }, 'accent', /light page: its contrast is 1\.\d to 1 .* nearest colour that passes is #\w{6}/],
  [{ accent: '#23407a', accentDark: '#23407a' }, 'accentDark', /dark page: .* nearest colour that passes is #\w{6}/],
  [{ accentDark: '#a9c3ff' }, 'accent', /light page too/],
  [{ accent: 'teal' }, 'accent', /such as #23407a/],
  [{ css: '@import "a.css";' }, 'css', /@import/],
  [{ css: `a{b:${'c'.repeat(10_000)}}` }, 'css', /10000/],
])('%j is refused, with what would be accepted', async (look, field, message) => {
  const { does } = await desk()
  const refusal = await does((it) => changeLook(it, look, 'keep')).then(
    () => null,
    (error: unknown) => error,
  )
  expect(refusal).toMatchObject({ field, message: expect.stringMatching(message) as unknown })
})

test('the colour that is named instead is accepted', async () => {
  const { db, does } = await desk()
  const named = async (look: { accent: string; accentDark?: string }): Promise<string> =>
    does((it) => changeLook(it, look, 'keep')).then(
      () => '',
      (error: unknown) => / is (#\w{6})/.exec(String(error))?.[1] ?? '',
    )
  const accent = await named({ accent: '#ffcc00' })
  const accentDark = await named({ accent, accentDark: '#402000' })
  await does((it) => changeLook(it, { accent, accentDark }, 'keep'))
  expect((await readSite(db)).look).toMatchObject({ accent, accentDark })
})

test('a logo is known by its content and its size, and gone when another comes', async () => {
  const { db, does } = await desk()
  await does((it) => changeLook(it, {}, svg))
  const { logo } = (await readSite(db)).look
  expect(logo).toMatchObject({ name: expect.stringMatching(/^[0-9a-f]{20}\.svg$/) as unknown, width: 120, height: 30 })
  expect(await readLogo(db, logo?.name ?? '')).toEqual({ contentType: 'image/svg+xml', bytes: svg })
  await does((it) => changeLook(it, {}, png))
  expect((await readSite(db)).look.logo).toMatchObject({ width: 64, height: 32 })
  expect(await readLogo(db, logo?.name ?? '')).toBeNull()
  await does((it) => changeLook(it, {}, 'remove'))
  expect((await readSite(db)).look.logo).toBeNull()
  expect(await db.selectFrom('logos').select('name').execute()).toEqual([])
})

test.each([
  ['neither SVG nor PNG', Buffer.from('GIF89a')],
  ['a page', Buffer.from('<html><svg viewBox="0 0 1 1"/></html>')],
  ['an SVG without a size', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
  ['half a PNG', png.subarray(0, 12)],
  ['more than 64 kB', Buffer.concat([svg, Buffer.alloc(64 * 1024, 32)])],
  ['a line', Buffer.from('<svg viewBox="0 0 1000 1"/>')],
])('%s is no logo', async (_what, bytes) => {
  const { does } = await desk()
  await expect(does((it) => changeLook(it, {}, bytes))).rejects.toMatchObject({ field: 'logo' })
})

test('the accent is checked against what the style sheets put behind it, and ours passes', () => {
  const css = (name: string): string =>
    readFileSync(new URL(`../../../views/assets/public/${name}`, import.meta.url), 'utf8')
  const pair = (name: string) =>
    new RegExp(`--${name}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(css('base.css'))?.slice(1)
  const long = (colour = ''): string => (colour.length === 4 ? colour + colour.slice(1) : colour)
  const behind = [pair('paper'), pair('card')]
  expect(behind.map((of) => long(of?.[0]))).toEqual(grounds.light)
  expect(behind.map((of) => long(of?.[1]))).toEqual(grounds.dark)
  expect(css('cards.css')).toContain(`var(--accent) ${tint * 100}%, transparent`)
  const [light = '', dark = ''] = pair('accent') ?? []
  expect([isReadable(light, 'light'), isReadable(dark, 'dark')]).toEqual([true, true])
})
