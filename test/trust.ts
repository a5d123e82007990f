import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Recording } from '../src/domain/import/recording.ts'
import { readTrust } from '../src/outbound/importing/trust.ts'
import { readTrustDocument } from '../src/outbound/importing/trust-source.ts'

const folder = fileURLToPath(new URL('../../shared/fixtures/trust/', import.meta.url))

export const hasTrustRecordings = existsSync(folder)
export const whyNoTrust = 'the recordings (../shared/fixtures/trust) are not here'

export const trustFiles = {
  instances: `${folder}instances-status-preview-2020-07-29.json`,
  incidents: `${folder}incidents-EU48-locale-es-2022-11.json`,
  maintenances: `${folder}maintenances-EU48-2022-11.json`,
}

export function trustRecording(...files: (keyof typeof trustFiles)[]): Recording {
  return readTrust(files.map((file) => readTrustDocument({ name: file, bytes: readFileSync(trustFiles[file]) })))
}

/** Answers as the Trust API writes them, made up: a cloud with three copies. */
export function instance(of: object = {}): object {
  return {
    key: 'EU42',
    location: 'EMEA',
    environment: 'production',
    releaseVersion: "Summer '26",
    status: 'OK',
    isActive: true,
    maintenanceWindow: '',
    Products: [
      { key: 'Sales_Cloud', order: 2, isActive: true },
      { key: 'Billing', order: 1, isActive: true, altDisplayName: 'Billing and Invoices' },
    ],
    Incidents: [],
    Maintenances: [],
    Tags: [{ value: 'S5', type: 'stack', updatedAt: '2026-10-01T10:00:00.000Z' }],
    ...of,
  }
}

export function trustIncident(of: object = {}): object {
  return {
    id: 501,
    message: { pathToResolution: null, actionPlan: null, rootCause: null },
    additionalInformation: '',
    isCore: true,
    affectsAll: true,
    createdAt: '2026-11-20T10:20:00.000Z',
    updatedAt: '2026-11-20T10:20:00.000Z',
    IncidentImpacts: [impact()],
    IncidentEvents: [
      {
        id: 9,
        type: 'issueIsolatedDatabaseTier',
        message: 'It is the database.',
        createdAt: '2026-11-20T10:40:00.000Z',
      },
      { id: 8, type: 'investigatingCauseOfIssue', message: 'We look.', createdAt: '2026-11-20T10:20:00.000Z' },
    ],
    instanceKeys: ['EU42'],
    serviceKeys: ['coreService'],
    ...of,
  }
}

export function impact(of: object = {}): object {
  return {
    id: 601,
    startTime: '2026-11-20T10:00:00.000Z',
    endTime: null,
    type: 'performanceDegradation',
    severity: 'minor',
    createdAt: '2026-11-20T10:20:00.000Z',
    startTimeCreatedAt: '2026-11-20T10:20:00.000Z',
    ...of,
  }
}

export function trustMaintenance(of: object = {}): object {
  return {
    id: 501,
    name: 'Database switch',
    message: { maintenanceType: 'switch', availability: 'unavailable', eventStatus: 'confirmed' },
    plannedStartTime: '2026-11-28T03:00:00.000Z',
    plannedEndTime: '2026-11-28T03:30:00.000Z',
    isCore: true,
    affectsAll: true,
    createdAt: '2026-11-01T00:00:00.000Z',
    updatedAt: '2026-11-01T00:00:00.000Z',
    MaintenanceImpacts: [],
    MaintenanceEvents: [
      { id: 8, type: 'scheduled', message: 'This is scheduled.', createdAt: '2026-11-01T00:00:00.000Z' },
    ],
    instanceKeys: ['EU42'],
    serviceKeys: ['coreService'],
    ...of,
  }
}

/** A recording out of made-up answers. */
export function trustOf(...answers: readonly unknown[]): Recording {
  return readTrust(
    answers.map((answer, index) =>
      readTrustDocument({
        name: `answer-${index + 1}.json`,
        bytes: new TextEncoder().encode(typeof answer === 'string' ? answer : JSON.stringify(answer)),
      }),
    ),
  )
}
