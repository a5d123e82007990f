/** Recorded things as the API writes them, made up. */
export function incident(of: object = {}): object {
  return {
    id: 'incident1',
    name: 'API errors',
    status: 'resolved',
    created_at: '2026-01-01T10:00:00.000Z',
    updated_at: '2026-01-01T11:00:00.000Z',
    monitoring_at: null,
    resolved_at: '2026-01-01T11:00:00.000Z',
    impact: 'major',
    shortlink: 'https://stspg.io/abc',
    started_at: '2026-01-01T09:59:00.000Z',
    page_id: 'page1',
    incident_updates: [
      update({ id: 'aaaaaaaaaaa2', status: 'resolved', body: 'Over.', created_at: '2026-01-01T11:00:00.000Z' }),
      update(),
    ],
    components: [],
    ...of,
  }
}

export function update(of: object = {}): object {
  return {
    id: 'aaaaaaaaaaa1',
    status: 'investigating',
    body: 'We look.',
    created_at: '2026-01-01T10:00:00.000Z',
    ...of,
  }
}

export function component(of: object = {}): object {
  return {
    id: 'api',
    name: 'API',
    status: 'operational',
    created_at: '2025-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T11:00:00.000Z',
    position: 1,
    description: null,
    showcase: true,
    start_date: null,
    group_id: null,
    page_id: 'page1',
    group: false,
    only_show_if_degraded: false,
    ...of,
  }
}
