import { check } from '../../lib/check.ts'
import { parseColour } from '../../lib/colours.ts'
import { cssFault } from '../../lib/css.ts'
import { type Static, type Unchecked, fields, optional, text } from '../../lib/fields.ts'
import { Invalid } from '../../lib/errors.ts'
import type { Change } from '../changes/change.ts'
import { differences } from '../changes/difference.ts'
import { type Scheme, accentFault } from './accent.ts'
import { readPicture } from './logo.ts'
import { readSite } from './queries.ts'

const longestCss = 10_000

export type LookChanges = Static<typeof lookChanges>
const lookChanges = fields({
  accent: optional(accent('light')),
  accentDark: optional(accent('dark')),
  css: optional(
    text('prose', `a style sheet of at most ${longestCss} characters`, (value) =>
      value.length > longestCss ? `must have at most ${longestCss} characters` : cssFault(value),
    ),
  ),
})

/** Changes what is given; a logo is given as its bytes. */
export async function changeLook(
  change: Change,
  input: Unchecked<LookChanges>,
  logo: Buffer | 'keep' | 'remove',
): Promise<void> {
  const given = check(lookChanges, input)
  const picture = Buffer.isBuffer(logo) ? readPicture(logo) : null
  const { id, name, look } = await readSite(change.tx)
  const changed = {
    ...accentsOf({ accent: look.accent, accentDark: look.accentDark, ...given }),
    css: given.css === undefined ? look.css : given.css,
    logo: logo === 'keep' ? look.logo : (picture?.logo ?? null),
  }
  const fields = (['accent', 'accentDark', 'css', 'logo'] as const).filter(
    (field) => JSON.stringify(changed[field]) !== JSON.stringify(look[field]),
  )
  if (fields.length === 0) return
  if (logo !== 'keep') await change.tx.deleteFrom('logos').execute()
  if (picture) {
    const { contentType, bytes } = picture
    await change.tx.insertInto('logos').values({ name: picture.logo.name, content_type: contentType, bytes }).execute()
  }
  await change.tx
    .updateTable('sites')
    .set({
      accent: changed.accent,
      accent_dark: changed.accentDark,
      css: changed.css,
      logo: changed.logo && JSON.stringify(changed.logo),
      updated_at: change.now,
    })
    .where('id', '=', id)
    .execute()
  await change.record({ type: 'site.changed', subject: id, data: { name, fields } }, differences(fields, look, changed))
}

/** One colour is enough: the one for the dark follows from it. */
function accentsOf(given: { readonly accent: string | null; readonly accentDark: string | null }) {
  const [accent, accentDark] = [given.accent, given.accentDark].map((one) => one && parseColour(one))
  if (!accent) {
    if (accentDark) throw new Invalid('The accent must be given for the light page too.', 'accent')
    return { accent: null, accentDark: null }
  }
  return { accent, accentDark: accentDark ?? null }
}

function accent(scheme: Scheme) {
  return text('word', 'a colour such as #23407a', (value) => accentFault(value, scheme))
}
