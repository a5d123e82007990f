// For the container: whether the process lives. Readiness (/readyz) is for load balancers: a page that cannot write can
// still be read, and ending it would help nobody.
import { get } from 'node:http'

const port = process.env.CANDOR_PORT || 3000
get({ host: '127.0.0.1', port, path: '/healthz', timeout: 4000 }, (response) => {
  process.exit(response.statusCode === 200 ? 0 : 1)
})
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1))
