// Whoever signs up is offered their own time zone first; without a script, the site's.
export const offerOwnZone = () => {
  const select = document.querySelector('select[data-own]')
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  if (!select || !own) return
  const named = new Intl.DateTimeFormat(document.documentElement.lang, { timeZoneName: 'longGeneric' }).formatToParts()
  const option = [...select.options].find(({ value }) => value === own)
  select.prepend(option ?? new Option(named.find(({ type }) => type === 'timeZoneName').value, own))
  select.value = own
}
