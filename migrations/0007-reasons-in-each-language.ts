import type { Migration } from '../src/database/database.ts'

/** Why something was corrected, annulled or withdrawn, in each language; and a line of the record that knows what was annulled. */
export const reasonsInEachLanguage: Migration = {
  name: '0007-reasons-in-each-language',
  async up(db) {
    for (const table of ['revisions', 'annulments'])
      await db.schema
        .alterTable(table)
        .addColumn('translations', 'text', (c) => c.notNull().defaultTo('{}'))
        .execute()
    await db.schema
      .alterTable('updates')
      .addColumn('withdrawn_translations', 'text', (c) => c.notNull().defaultTo('{}'))
      .execute()
    // It holds all that a line of the record needs: without `annulled_at` each of its incidents was read for that alone.
    await db.schema.dropIndex('incidents_told').execute()
    await db.schema
      .createIndex('incidents_told')
      .on('incidents')
      .columns(['began_at', 'source', 'noticed_at', 'told_at', 'dismissed_at', 'annulled_at'])
      .execute()
  },
}
