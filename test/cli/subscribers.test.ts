import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { candor } from './run.ts'
import { ownFolder } from '../own-folder.ts'

test('a list is tried, corrected, taken over, and written again', async () => {
  const data = ownFolder()
  const env = { CANDOR_DATA_DIR: data }
  const path = join(data, 'list.csv')
  writeFileSync(path, 'email,consent_date,shoe size\ncy@example.org,2024-03-01,42\ndee@example.org,,\n')

  const tried = await candor(['subscribers', 'import', path, '--dry-run'], env)
  expect(tried.code).toBe(1)
  expect(tried.told).toMatch(/^Line 3: .*consented_at/)
  expect(tried.told).toContain('Not read: the columns shoe size.')
  expect(tried.said).toMatch(/^2 lines: 1 would be added; .* 1 wrong\.$/)
  expect(await candor(['subscribers', 'import', path], env)).toMatchObject({ code: 1, said: 'Nothing was taken over.' })

  writeFileSync(path, 'email,consent_date\ncy@example.org,2024-03-01\ndee@example.org,2024-03-02\n')
  const done = await candor(['subscribers', 'import', path], env)
  expect([done.code, done.said]).toEqual([0, expect.stringContaining('2 lines: 2 added')])
  const { said } = await candor(['subscribers', 'export'], env)
  expect(said.split('\n')).toHaveLength(3)
  expect(said).toContain('email,dee@example.org,,2024-03-02T00:00:00.000Z,everything,')
})

test('a list that is not in UTF-8, or not there, is told so', async () => {
  const data = ownFolder()
  const env = { CANDOR_DATA_DIR: data }
  const path = join(data, 'list.csv')
  writeFileSync(path, Buffer.from([0x65, 0xe9, 0x0a]))
  expect((await candor(['subscribers', 'import', path], env)).told).toContain('not written in UTF-8')
  expect((await candor(['subscribers', 'import', join(data, 'none.csv')], env)).code).toBe(1)
})

test('the doctor says where bounces and mail by which people leave are taken, and a mail is heard from a file', async () => {
  const data = ownFolder()
  const env = {
    CANDOR_DATA_DIR: data,
    CANDOR_SMTP_URL: 'smtp://127.0.0.1:1',
    CANDOR_MAIL_FROM: 'status@north.example',
    CANDOR_URL: 'https://status.north.example',
  }
  const path = join(data, 'mail.eml')
  writeFileSync(path, `Subject: someone.0.${'x'.repeat(43)}\r\n\r\nPlease.\r\n`)
  expect(await candor(['hear-mail', path], env)).toMatchObject({ code: 0, said: 'forged' })
  const { said } = await candor(['doctor'], env)
  expect(said).toMatch(/https:\/\/status\.north\.example\/inbound\/bounces\/[\w-]{43} /)
  expect(said).toMatch(/https:\/\/status\.north\.example\/inbound\/mail\/[\w-]{43} /)
})
