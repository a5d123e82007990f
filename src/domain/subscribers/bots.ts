import type { Db } from '../../database/database.ts'

/** By this name people write to our bot in Telegram; null: nobody hears them, so nobody is asked to. */
export async function telegramBot(db: Db): Promise<string | null> {
  const row = await db.selectFrom('bots').select('name').where('channel', '=', 'telegram').executeTakeFirst()
  return row?.name ?? null
}

/** What is known of it now. No event: it says how things are, and nobody did it. */
export async function noteTelegramBot(db: Db, name: string | null): Promise<void> {
  if (name === null) await db.deleteFrom('bots').where('channel', '=', 'telegram').execute()
  else {
    await db
      .insertInto('bots')
      .values({ channel: 'telegram', name })
      .onConflict((on) => on.column('channel').doUpdateSet({ name }))
      .execute()
  }
}
