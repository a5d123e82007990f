import { afterAll, expect, test } from 'vitest'
import { locales } from '../../../src/domain/site/site.ts'
import { email } from '../../../src/outbound/notify/channels/email.ts'
import { mailMeans, sendingParts } from './letters.ts'
import { type TakenMail, mailServer } from './mail-server.ts'
import { type Sample, sampleMessages } from './samples.ts'

afterAll(() => email.close?.())

/** Every kind in every language, sent to one server, which understood them. */
async function everything(): Promise<readonly (readonly [Sample, TakenMail])[]> {
  const server = await mailServer({ encryption: 'none' })
  const samples = sampleMessages(locales)
  const parts = sendingParts(mailMeans(server.url, { from: 'Northwind <status@northwind.example>' }))
  const outcomes = await Promise.all(
    samples.map(({ letter }, index) =>
      email.send({ ...letter, key: `${index}.sub1` }, { address: 'cy@example.org' }, parts),
    ),
  )
  expect(new Set(outcomes.map(({ became }) => became))).toEqual(new Set(['accepted']))
  const byId = new Map(server.taken.map((one) => [one.mail.messageId, one]))
  return samples.map((sample, index) => {
    const taken = byId.get(`<${index}.sub1@northwind.example>`)
    if (!taken) throw new Error(`${sample.name} in ${sample.locale} did not arrive.`)
    return [sample, taken] as const
  })
}

const headersOf = ({ mail }: TakenMail): readonly string[] => mail.headerLines.map(({ key }) => key)

test('every kind of letter in every language arrives with both parts, the right headers and its very words', async () => {
  const all = await everything()
  expect(all.length).toBeGreaterThan(locales.length * 20)
  for (const [{ name, locale, letter }, taken] of all) {
    const { mail, raw } = taken
    const of = `${name} in ${locale}`
    expect([of, mail.subject]).toEqual([of, letter.subject])
    expect([of, mail.text?.includes(letter.heading)]).toEqual([of, true])
    expect([of, String(mail.html).includes(`lang="${locale}"`)]).toEqual([of, true])
    expect([of, mail.attachments.length]).toEqual([of, 0])
    // Every byte of the way is one that old servers pass on, in lines that they take.
    const lines = raw.toString('latin1').split('\r\n')
    expect([of, lines.filter((line) => /[^\x20-\x7e\t]/.test(line) || line.length > 998)]).toEqual([of, []])
    const root = `<${letter.thread.replace(':', '-')}.sub1@northwind.example>`
    expect([of, mail.references, mail.inReplyTo]).toEqual([of, root, root])
    const names = headersOf(taken)
    expect([of, new Set(names).size]).toEqual([of, names.length])
    const isListed = ['list-id', 'list-unsubscribe', 'list-unsubscribe-post'].filter((header) => names.includes(header))
    expect([of, isListed.length]).toEqual([of, letter.leave === null ? 0 : 3])
    expect([of, mail.headers.get('auto-submitted')]).toEqual([of, 'auto-generated'])
    // Nothing is fetched, nobody is counted.
    expect([of, /<(?:img|script|link|iframe)|url\(|@import/i.exec(String(mail.html))]).toEqual([of, null])
  }
  // Whoever is told of the page can leave; letters to accounts, and what operators are called by, belong to no list.
  const left = new Set(all.filter(([{ letter }]) => letter.leave === null).map(([{ name }]) => name))
  expect(left).toEqual(new Set(['confirm', 'test', 'alert', 'reset', 'invitation']))
})
