/** What the load is put on: servers as processes of their own, each on the cores it is given, with the time they used. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export interface Subject {
  readonly name: string
  readonly url: string
  /** Of its process and those it started, in seconds. */
  cpu(): number
  /** Resident, of the same, in megabytes. */
  memory(): number
  stop(): Promise<void>
}

const launcher = fileURLToPath(new URL('../bin/candor.js', import.meta.url))
const ticksPerSecond = 100

/** A Node that is started as `scripts/product.js` starts ours, so that code is compared with code. */
export const asWeStart = [
  'env',
  'MALLOC_ARENA_MAX=1',
  'MALLOC_MMAP_THRESHOLD_=131072',
  'MALLOC_TRIM_THRESHOLD_=131072',
  process.execPath,
  '--max-semi-space-size=1',
  '--memory-saver-mode',
]

export async function startCandor(
  name: string,
  env: Readonly<Record<string, string>>,
  cores: string,
): Promise<Subject> {
  const child = spawn('taskset', ['-c', cores, process.execPath, launcher, 'serve'], {
    env: {
      PATH: process.env['PATH'],
      CANDOR_PORT: '0',
      CANDOR_EGRESS_ALLOW: '127.0.0.0/8',
      CANDOR_LOG_LEVEL: 'error',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface(child.stdout)) {
    const heard = /listening on (\S+)\)/.exec(line)?.[1]
    if (heard !== undefined) return subject(name, `http://${heard}`, child)
  }
  throw new Error(`${name} ended before it was ready.`)
}

export async function startOther(
  name: string,
  [program = '', ...args]: readonly string[],
  port: number,
  cores: string,
): Promise<Subject> {
  const child = spawn('taskset', ['-c', cores, program, ...args], { stdio: ['ignore', 'inherit', 'inherit'] })
  while (!(await listens(port))) await pause(50)
  return subject(name, `http://127.0.0.1:${port}`, child)
}

/** Waits until the front page is compressed as well as it can be: its entity tag says so. */
export async function isAtItsBest(url: string): Promise<void> {
  for (let etag = ''; !etag.endsWith('-b11"'); await pause(200)) {
    const response = await fetch(url, { headers: { 'Accept-Encoding': 'br' } })
    await response.arrayBuffer()
    etag = response.headers.get('etag') ?? ''
  }
}

/** One worker on files that are compressed already, told to do nothing else. */
export function nginxConfiguration(folder: string, port: number, headers: Readonly<Record<string, string>>): string {
  const said = Object.entries(headers).map(([name, value]) => `add_header ${name} "${value.replaceAll('"', '\\"')}";`)
  return `
worker_processes 1; daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events { worker_connections 4096; }
http {
  access_log off; sendfile on; tcp_nopush on; open_file_cache max=100; keepalive_requests 100000000;
  default_type text/html; client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder};
  uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
  server {
    listen 127.0.0.1:${port} backlog=1024; root ${folder}/files; ${said.join(' ')}
    location ~ br$ { add_header content-encoding br; ${said.join(' ')} }
  }
}
`
}

/** What Node can do without us: a buffer for each file, the same headers. */
export function bareSource(folder: string, headers: Readonly<Record<string, string>>): string {
  return `
import { createServer } from 'node:http'
import { readFileSync, readdirSync } from 'node:fs'
const headers = ${JSON.stringify(headers)}
const files = new Map(readdirSync('${folder}/files').map((file) => ['/' + file, readFileSync('${folder}/files/' + file)]))
createServer((request, response) => {
  const body = files.get(request.url)
  if (request.headers['if-none-match'] === '"same"') return response.writeHead(304, headers).end()
  response.writeHead(200, { ...headers, etag: '"same"', 'content-length': body.length }).end(body)
}).listen(Number(process.argv[2]), '127.0.0.1')
`
}

function subject(name: string, url: string, child: ChildProcess): Subject {
  const pid = child.pid ?? 0
  return {
    name,
    url,
    cpu: () =>
      sum(pid, (one) => {
        // Behind the name in brackets, which may have spaces: user time is the twelfth, system time the thirteenth.
        const fields = readFileSync(`/proc/${one}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
        return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
      }),
    memory: () =>
      sum(pid, (one) => {
        return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${one}/status`, 'utf8'))?.[1]) / 1024
      }),
    async stop() {
      if (child.exitCode !== null) return
      child.kill('SIGINT')
      await once(child, 'exit')
    },
  }
}

function sum(pid: number, of: (pid: number) => number): number {
  const children = readFileSync(join('/proc', `${pid}/task/${pid}/children`), 'utf8')
    .split(' ')
    .filter(Boolean)
  return of(pid) + children.reduce((total, child) => total + of(Number(child)), 0)
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
