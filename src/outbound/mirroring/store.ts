import { Readable } from 'node:stream'
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3'
import type { BucketAddress } from '../../lib/bucket-address.ts'
import type { Egress } from '../../lib/egress.ts'
import { safeFetch } from '../../lib/safe-fetch.ts'
import type { Item, Place } from './place.ts'

const timeoutMs = 30_000

/**
 * A bucket of an S3-compatible store. What a static site is asked for is its name: pages stand without `.html`. Whoever
 * may write is said in the environment, as the SDK reads it (`AWS_ACCESS_KEY_ID`, …).
 */
export async function storePlace(address: BucketAddress, egress: Egress): Promise<Place> {
  const sdk = await loadSdk()
  const { bucket, prefix, endpoint, region } = address
  const client: S3Client = new sdk.S3Client({
    region,
    ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
    requestHandler: handlerOf(egress),
    // Stores that are not Amazon's do not know its newer sums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  const named = (file: string) => ({ Bucket: bucket, Key: prefix + keyOf(file) })
  return {
    name: `s3://${bucket}/${prefix}`,
    async read(file) {
      try {
        const { Body } = await client.send(new sdk.GetObjectCommand(named(file)))
        return Body ? Buffer.from(await Body.transformToByteArray()) : null
      } catch (error) {
        if (error instanceof sdk.NoSuchKey) return null
        throw error
      }
    },
    async write(file, { body, contentType, cacheControl, contentEncoding }: Item) {
      await client.send(
        new sdk.PutObjectCommand({
          ...named(file),
          Body: body,
          ContentType: contentType,
          CacheControl: cacheControl,
          ...(contentEncoding === null ? {} : { ContentEncoding: contentEncoding }),
        }),
      )
    },
    async remove(file) {
      await client.send(new sdk.DeleteObjectCommand(named(file)))
    },
  }
}

/** A store serves what is asked for by its very name: `history`, where a web server looks for `history.html`. */
function keyOf(file: string): string {
  return /(^|\/)(index|404)\.html(\.\w+)?$/.test(file) ? file : file.replace(/\.html(\.br|\.gz)?$/, '$1')
}

/** Most sites have no bucket, and the SDK is as large as everything else together: who wants one installs it. */
async function loadSdk() {
  try {
    return await import('@aws-sdk/client-s3')
  } catch (cause) {
    throw new Error('A mirror in a bucket needs Amazon’s SDK. Install it here: npm install @aws-sdk/client-s3', {
      cause,
    })
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
function handlerOf(egress: Egress): NonNullable<S3ClientConfig['requestHandler']> {
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
