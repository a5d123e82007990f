import type { BucketAddress } from '../../lib/bucket-address.ts'
import type { Egress } from '../../lib/egress.ts'
import { openBucket } from '../bucket.ts'
import type { Item, Place } from './place.ts'

const timeoutMs = 30_000

/**
 * A bucket of an S3-compatible store. What a static site is asked for is its name: pages stand without `.html`. Whoever
 * may write is said in the environment, as the SDK reads it (`AWS_ACCESS_KEY_ID`, …).
 */
export async function storePlace(address: BucketAddress, egress: Egress): Promise<Place> {
  const { sdk, client } = await openBucket(address, egress, timeoutMs)
  const { bucket, prefix } = address
  const named = (file: string) => ({ Bucket: bucket, Key: prefix + keyOf(file) })
  return {
    name: `s3://${bucket}/${prefix}`,
    era: null,
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
