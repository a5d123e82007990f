import type { FastifyInstance } from 'fastify'
import { Parser } from 'htmlparser2'
import { describe, expect, test } from 'vitest'
import { readFolder } from '../../../src/outbound/importing/folder.ts'
import { readRecording } from '../../../src/outbound/importing/statuspage.ts'
import { hasRecordings, recordingPath, whyNot } from '../../recordings.ts'
import { world } from '../../world.ts'
import { imports } from '../wire.ts'

/** What people read after an import, against what was recorded; programs: test/web/compat/statuspage/recordings.test.ts. */
describe.skipIf(!hasRecordings)(`recorded pages (skipped where ${whyNot})`, () => {
  test.each([
    ['discord', 1],
    // One in eighteen shows every year and every manner of writing.
    ['github-archive', 18],
  ])('every title, word, time and system of %s stands on a page', async (name, step) => {
    const here = await world()
    const whole = readRecording(await readFolder(recordingPath(name)))
    const recording = { ...whole, incidents: whole.incidents.filter((_, index) => index % step === 0) }
    await imports(here, recording)
    const { app, publication } = await here.app()
    await publication.refresh()
    const names = new Map(recording.components.map((component) => [component.id, component.name]))
    const missing: string[] = []
    const things = [
      ...recording.incidents.map((one) => ({ ...one, path: `/incidents/${one.id}` })),
      ...recording.maintenances.map((one) => ({ ...one, path: `/maintenances/${one.id}` })),
    ]
    expect(things.length).toBeGreaterThan(40)
    for (const thing of things) {
      const page = await opened(app, thing.path)
      const say = (what: string): void => void missing.push(`${thing.path}: ${what}`)
      if (!page.letters.includes(lettersOf(thing.name))) say(`the title “${thing.name}”`)
      let after = Infinity
      for (const update of thing.updates) {
        const at = page.letters.lastIndexOf(lettersOf(asShown(update.body)), after)
        if (at === -1) say(`“${update.body.slice(0, 80)}”, or its place`)
        else after = at
        if (!page.instants.has(update.displayedAt)) say(update.displayedAt)
      }
      for (const { componentId } of thing.components)
        if (!page.letters.includes(lettersOf(names.get(componentId) ?? '…'))) say(names.get(componentId) ?? componentId)
    }
    expect(missing).toEqual([])
  })
})

/** The letters of a page, in order, and the instants that it names. */
async function opened(app: FastifyInstance, path: string) {
  const { statusCode, body } = await app.inject(path)
  expect([path, statusCode]).toEqual([path, 200])
  let text = ''
  const instants = new Set<string>()
  const parser = new Parser({
    onopentag: (_, { datetime }) => void (datetime !== undefined && instants.add(datetime)),
    ontext: (part) => void (text += part),
  })
  parser.end(body)
  return { letters: lettersOf(text), instants }
}

/** Without what only lays out: tags that stand in for lines and links, numbers of a list, and where links lead. */
function asShown(body: string): string {
  const lines = body.replaceAll(/<\/?(?:br|p|a)\b[^>]*>/gi, '\n')
  return lines.replaceAll(/^ *\d+\. /gm, '').replaceAll(/\]\([^)\s]+\)/g, ']')
}

function lettersOf(text: string): string {
  return text.normalize('NFC').replaceAll(/[^\p{L}\p{N}]/gu, '')
}
