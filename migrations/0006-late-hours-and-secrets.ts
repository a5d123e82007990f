import type { Migration } from '../src/database/database.ts'

/** Hours of a day that are closed again while it is summed up, and operators’ own webhooks that get another secret. */
export const lateHoursAndSecrets: Migration = {
  name: '0006-late-hours-and-secrets',
  async up(db) {
    await db.schema
      .alterTable('check_days_due')
      .addColumn('hour_closed_at', 'text', (c) => c.notNull().defaultTo(''))
      .execute()
    // Since when it is signed with another secret as well as the one before.
    await db.schema.alterTable('alert_channels').addColumn('secret_changed_at', 'text').execute()
  },
}
