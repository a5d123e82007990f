import { Invalid } from './errors.ts'

/** Where the mirror's bucket is. */
export interface BucketAddress {
  readonly bucket: string
  /** Before every name, with a slash at its end; empty for none. */
  readonly prefix: string
  /** Of another store than Amazon's; null for Amazon's. */
  readonly endpoint: string | null
  readonly region: string
}

/** Reads `s3://bucket/prefix?region=…&endpoint=…`. */
export function bucketAddress(text: string): BucketAddress {
  const url = URL.parse(text)
  const known = [...(url?.searchParams.keys() ?? [])].every((name) => name === 'region' || name === 'endpoint')
  const region = url?.searchParams.get('region')
  const endpoint = url?.searchParams.get('endpoint') ?? null
  if (url?.protocol !== 's3:' || url.hostname === '' || !region || !known) throw new Invalid('')
  if (endpoint !== null && !/^https?:$/.test(URL.parse(endpoint)?.protocol ?? '')) {
    throw new Invalid('The endpoint is no address.')
  }
  const prefix = url.pathname.replace(/^\/+/, '').replace(/(?<!\/)\/*$/, '/')
  return { bucket: url.hostname, prefix: prefix === '/' ? '' : prefix, endpoint, region }
}
