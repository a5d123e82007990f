import type { Locale } from '../../../domain/site/site.ts'
import type { Snapshot } from '../../../domain/status/snapshot-types.ts'
import { publishedHeaders } from '../../shared/page-headers.ts'
import { stylesOf } from '../look.ts'

/** Of a page that is somebody's own: kept by nobody, told to nobody, found by no search. */
export function personalHeaders({ site }: Snapshot, url: string, locale: Locale): Readonly<Record<string, string>> {
  const styles = stylesOf(site.look, 'all').map(({ source }) => source)
  return {
    ...publishedHeaders(url, styles),
    'content-language': locale,
    'cache-control': 'no-store',
    'x-robots-tag': 'noindex',
  }
}
