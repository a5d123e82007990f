import { inject } from 'vitest'

// The files of the project `app` run a second time, and find the server here.
process.env['TEST_DATABASE_URL'] = inject('databaseServer')
