import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { PutObjectCommandInput } from '@aws-sdk/client-s3'
import type { BucketAddress } from '../../lib/bucket-address.ts'
import type { Config } from '../../config.ts'
import type { Egress } from '../../lib/egress.ts'
import { NotFound } from '../../lib/errors.ts'
import { parseNetwork } from '../../lib/guard.ts'
import type { Ids } from '../../lib/ids.ts'
import { resolver } from '../../lib/resolver.ts'
import { syncFolder } from '../../lib/secret-file.ts'
import { openBucket } from '../bucket.ts'
import type { Sink } from './packing.ts'

/** A file that is being written: it appears under its name when it is whole, or never. */
export interface Draft extends Sink {
  abandon(): Promise<void>
}

/** Where backups are kept: a folder, or a bucket. */
export interface BackupPlace {
  /** What to call it, with a slash at its end. */
  readonly name: string
  list(): Promise<string[]>
  begin(file: string): Promise<Draft>
  read(file: string): AsyncGenerator<Uint8Array>
  remove(file: string): Promise<void>
}

/** The place that somebody named: in a setting, or at a command. */
export async function placeOfBackups(
  target: string | BucketAddress,
  { config, ids }: { config: Pick<Config, 'dnsServers' | 'egressAllow'>; ids: Ids },
): Promise<BackupPlace> {
  if (typeof target === 'string') return folderOfBackups(target, ids)
  const allow = config.egressAllow.map(parseNetwork).filter((network) => network !== null)
  return bucketOfBackups(target, { resolver: resolver({ servers: config.dnsServers }), allow })
}

function folderOfBackups(folder: string, ids: Ids): BackupPlace {
  return {
    name: `${folder}/`,
    list: () => readdir(folder),
    begin: (file) => draftFile(join(folder, file), ids),
    read: (file) => fileOfBackup(join(folder, file)),
    async remove(file) {
      await rm(join(folder, file), { force: true })
      syncFolder(folder)
    },
  }
}

export async function* fileOfBackup(path: string): AsyncGenerator<Uint8Array> {
  if (!(await stat(path).catch(() => null))?.isFile()) throw new NotFound(`There is no file ${path}.`)
  yield* createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>
}

/** A file that only its own user may read, on disk before it has its name, and read again before that is said. */
export async function draftFile(path: string, ids: Ids): Promise<Draft> {
  const draft = `${path}.${ids.next()}.part`
  const handle = await open(draft, 'wx', 0o600).catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== 'ENOENT') throw error
    throw new NotFound(`There is no folder ${dirname(path)}.`)
  })
  const hash = createHash('sha256')
  const abandon = async (): Promise<void> => {
    await handle.close().catch(() => undefined)
    await rm(draft, { force: true })
  }
  return {
    async write(piece) {
      hash.update(piece)
      await handle.writeFile(piece)
    },
    async end() {
      await handle.sync()
      await handle.close()
      const again = createHash('sha256')
      for await (const piece of fileOfBackup(draft)) again.update(piece)
      if (!again.digest().equals(hash.digest()))
        throw new Error(`The disk gives back other bytes than it took: ${path}.`)
      await rename(draft, path)
      syncFolder(dirname(path))
    },
    abandon,
  }
}

/** Smaller ones are sent in one piece; larger ones in parts of this size, of which a store takes ten thousand. */
const partSize = 8 * 1024 ** 2
/** The most that an answer may have (`lib/bounded-body.ts`). */
const readSize = 1024 ** 2
/** For a part on a slow line. */
const timeoutMs = 5 * 60_000

async function bucketOfBackups(address: BucketAddress, egress: Egress): Promise<BackupPlace> {
  const { sdk, client } = await openBucket(address, egress, timeoutMs)
  const { bucket, prefix } = address
  const named = (file: string) => ({ Bucket: bucket, Key: prefix + file })
  /** With its sum, so that the store refuses what arrives otherwise. */
  const summed = (body: Buffer): Pick<PutObjectCommandInput, 'ContentMD5'> & { Body: Buffer } => ({
    Body: body,
    ContentMD5: createHash('md5').update(body).digest('base64'),
  })
  return {
    name: `s3://${bucket}/${prefix}`,
    async list() {
      const names: string[] = []
      let token: string | undefined
      do {
        const listed = await client.send(
          new sdk.ListObjectsV2Command({
            Bucket: bucket,
            Prefix: prefix,
            MaxKeys: 500,
            ...(token === undefined ? {} : { ContinuationToken: token }),
          }),
        )
        names.push(
          ...(listed.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key.slice(prefix.length)])),
        )
        token = listed.IsTruncated === true ? listed.NextContinuationToken : undefined
      } while (token !== undefined)
      return names
    },
    async begin(file) {
      let waiting: Uint8Array[] = []
      let [size, sent] = [0, 0]
      let upload: string | undefined
      const parts: { PartNumber: number; ETag: string }[] = []
      const sendPart = async (): Promise<void> => {
        const body = Buffer.concat(waiting)
        waiting = []
        size = 0
        upload ??= (await client.send(new sdk.CreateMultipartUploadCommand(named(file)))).UploadId ?? ''
        const PartNumber = parts.length + 1
        const command = new sdk.UploadPartCommand({ ...named(file), UploadId: upload, PartNumber, ...summed(body) })
        const { ETag = '' } = await client.send(command)
        parts.push({ PartNumber, ETag })
        sent += body.length
      }
      return {
        async write(piece) {
          waiting.push(piece)
          size += piece.length
          if (size >= partSize) await sendPart()
        },
        async end() {
          if (upload === undefined) {
            const body = Buffer.concat(waiting)
            sent = body.length
            await client.send(new sdk.PutObjectCommand({ ...named(file), ...summed(body) }))
          } else {
            if (size > 0) await sendPart()
            const whole = { UploadId: upload, MultipartUpload: { Parts: parts } }
            await client.send(new sdk.CompleteMultipartUploadCommand({ ...named(file), ...whole }))
          }
          const { ContentLength } = await client.send(new sdk.HeadObjectCommand(named(file)))
          if (ContentLength === sent) return
          throw new Error(`The store has ${String(ContentLength)} bytes of ${file}, and got ${sent}.`)
        },
        async abandon() {
          if (upload === undefined) return
          await client
            .send(new sdk.AbortMultipartUploadCommand({ ...named(file), UploadId: upload }))
            .catch(() => undefined)
        },
      }
    },
    async *read(file) {
      const { ContentLength = 0, ETag } = await client
        .send(new sdk.HeadObjectCommand(named(file)))
        .catch((error: unknown) => {
          if ((error as { name?: unknown }).name !== 'NotFound') throw error
          throw new NotFound(`There is no ${file} in s3://${bucket}/${prefix}.`)
        })
      for (let at = 0; at < ContentLength; at += readSize) {
        const Range = `bytes=${at}-${Math.min(at + readSize, ContentLength) - 1}`
        const same = ETag === undefined ? {} : { IfMatch: ETag }
        const { Body } = await client.send(new sdk.GetObjectCommand({ ...named(file), Range, ...same }))
        if (Body) yield await Body.transformToByteArray()
      }
    },
    async remove(file) {
      await client.send(new sdk.DeleteObjectCommand(named(file)))
    },
  }
}
