import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { hearMail } from '../domain/subscribers/inbound/mail.ts'
import { type Command, UsageError, exit } from './command.ts'
import { withProduct } from './product.ts'

export const command: Command = {
  help: `
candor hear-mail [file]

Takes one mail as it came, from standard input or a file: mail to the address in CANDOR_MAIL_LEAVE_TO, by which somebody
leaves, or a letter that came back. A mail server hands it over, in /etc/aliases:

  leave: "|candor hear-mail"

It has to run with the settings and the rights of Candor itself; where that is not possible, hand mail over by HTTP
(docs/subscribers.md). Says what became of it: left, already, forged, bounce, nothing. None of them is an error, so that
nobody gets an answer from the mail server.`,
  options: {},
  positionals: [0, 1],
  async run({ positionals: [path] }, shell) {
    const message = await readWhole(path === undefined ? process.stdin : createReadStream(path))
    shell.say(await withProduct(shell, (deps) => hearMail(deps, message)))
    return exit.done
  },
}

const mostBytes = 2 * 1024 * 1024

async function readWhole(stream: Readable): Promise<string> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of stream as AsyncIterable<Buffer>) {
    length += piece.length
    if (length > mostBytes) throw new UsageError('This mail is larger than 2 MB.')
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('latin1')
}
