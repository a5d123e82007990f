import { Readable } from 'node:stream'
import type * as S3 from '@aws-sdk/client-s3'
import type { BucketAddress } from '../lib/bucket-address.ts'
import type { Egress } from '../lib/egress.ts'
import { safeFetch } from '../lib/safe-fetch.ts'

type Sdk = typeof S3

/** The SDK and a client of it for a store that speaks like Amazon's. Who may do what there is said in the environment. */
export async function openBucket(
  { endpoint, region }: BucketAddress,
  egress: Egress,
  timeoutMs: number,
): Promise<{ readonly sdk: Sdk; readonly client: S3.S3Client }> {
  const sdk = await loadSdk()
  const client = new sdk.S3Client({
    region,
    ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
    requestHandler: handlerOf(egress, timeoutMs),
    // Stores that are not Amazon's do not know its newer sums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  return { sdk, client }
}

/** Most sites have no bucket, and the SDK is as large as everything else together: who wants one installs it. */
async function loadSdk(): Promise<Sdk> {
  try {
    return await import('@aws-sdk/client-s3')
  } catch (cause) {
    throw new Error('A bucket needs Amazon’s SDK. Install it here: npm install @aws-sdk/client-s3', { cause })
  }
}

/** What the SDK asks of whoever sends its requests. */
interface SdkRequest {
  readonly protocol: string
  readonly hostname: string
  readonly port?: number
  readonly path: string
  readonly query: Readonly<Record<string, string | readonly string[] | null>>
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** Every connection that leaves this machine goes through the guard, those of the SDK too. */
function handlerOf(egress: Egress, timeoutMs: number): NonNullable<S3.S3ClientConfig['requestHandler']> {
  return {
    async handle({ protocol, hostname, port, path, query, method, headers, body }: SdkRequest) {
      const url = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`)
      for (const [name, value] of Object.entries(query)) {
        for (const one of value === null ? [''] : [value].flat()) url.searchParams.append(name, one)
      }
      const answer = await safeFetch(egress, {
        url: url.href,
        method,
        headers: { ...headers, 'accept-encoding': 'identity' },
        body: body instanceof Uint8Array || typeof body === 'string' ? body : null,
        timeoutMs,
        followRedirects: 'no',
        verifyTls: 'yes',
        lookUp: 'cached',
      })
      if ('fault' in answer) throw new Error(`${url.host} cannot be reached: ${answer.fault}`)
      const { status, headers: got } = answer
      const flat = Object.fromEntries(Object.entries(got).map(([name, value]) => [name, String(value)]))
      return { response: { statusCode: status, headers: flat, body: Readable.from([answer.body]) } }
    },
  }
}
