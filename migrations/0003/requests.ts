import type { Db } from '../../src/database/database.ts'

/** What a probe must keep to itself goes into a table that no page reads; and what HTTP probes can be asked besides. */
export async function probeRequests(db: Db): Promise<void> {
  await db.schema
    .createTable('probe_secrets')
    .addColumn('probe_id', 'text', (c) => c.notNull().references('probes.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('sealed', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('probe_secrets_key', ['probe_id', 'name'])
    .execute()
  const rows = await db.selectFrom('probes').select(['id', 'spec']).where('kind', '=', 'http').orderBy('id').execute()
  for (const { id, spec } of rows) {
    const { headers = {}, body = null, followRedirects = 'yes', ...rest } = JSON.parse(spec) as SpecOfBefore
    const secrets = [
      ...Object.entries(headers).map(([name, value]) => [`headers.${name}`, value] as const),
      ...(body === null ? [] : [['body', body] as const]),
    ]
    for (const [name, text] of secrets) {
      // There is no key here. The next start of the program seals what begins so: see `domain/probes/secrets.ts`.
      await db
        .insertInto('probe_secrets')
        .values({ probe_id: id, name, sealed: `unsealed:${text}` })
        .execute()
    }
    const now = {
      ...rest,
      headers: Object.fromEntries(Object.keys(headers).map((name) => [name, ''])),
      body: null,
      redirects: followRedirects === 'yes' ? 'any' : 'none',
      mostRedirects: 5,
      // It was let pass before, and a new version must not make a probe fail.
      downgrade: 'yes',
      ...plain,
    }
    await db
      .updateTable('probes')
      .set({ spec: JSON.stringify(now) })
      .where('id', '=', id)
      .execute()
  }
}

/** Nothing of what can be asked since. */
const plain = {
  user: null,
  password: null,
  bearer: null,
  grantUrl: null,
  clientId: null,
  clientSecret: null,
  scope: null,
  version: '1.1',
  family: 'any',
  proxy: null,
  proxyUser: null,
  proxyPassword: null,
  authority: null,
  identity: null,
}

interface SpecOfBefore {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | null
  readonly followRedirects?: 'yes' | 'no'
  readonly [field: string]: unknown
}
