import type { HistoryKind } from '../../domain/history/texts.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { NamePart, Reader } from '../../domain/site/reader.ts'

/** What somebody asked for, as it was typed. */
export interface Asked {
  readonly q: string
  /** The slug of a component; empty: any. */
  readonly component: string
  readonly kind: HistoryKind | ''
}

export const nothingAsked: Asked = { q: '', component: '', kind: '' }

/** A form that needs no script. */
export interface SearchForm {
  readonly action: string
  readonly q: string
  readonly components: readonly Choice[]
  readonly kinds: readonly { readonly value: string; readonly word: string; readonly selected: boolean }[]
}

interface Choice {
  readonly value: string
  readonly name: NamePart
  readonly selected: boolean
}

/** Nobody finds one of more than these in a list; their names are found as words. */
const mostChoices = 100

export function searchForm({ components }: Pick<Snapshot, 'components'>, asked: Asked, reader: Reader): SearchForm {
  const offered =
    components.length <= mostChoices ? components : components.filter(({ slug }) => slug === asked.component)
  return {
    action: reader.href('/history/search'),
    q: asked.q,
    components: offered.map((component) => ({
      value: component.slug,
      name: reader.name(component, 'name'),
      selected: component.slug === asked.component,
    })),
    kinds: [
      { value: '', word: reader.say('search.anyKind') },
      { value: 'incident', word: reader.say('search.incidents') },
      { value: 'maintenance', word: reader.say('search.maintenances') },
    ].map((kind) => ({ ...kind, selected: kind.value === asked.kind })),
  }
}
