/** Seconds of one day in the site's zone. No row: nothing happened that day. */
export interface ComponentDayRow {
  component_id: string
  day: string
  major: number
  partial: number
  degraded: number
  maintenance: number
  unknown: number
}
