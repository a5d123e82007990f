// Whoever signs up is offered their own time zone first; without a script, the site's.
export const offerOwnZone = () => {
  const select = document.querySelector('select[data-own]')
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  if (!select || !own) return
  if (![...select.options].some(({ value }) => value === own)) {
    select.prepend(new Option(own.replaceAll('_', ' '), own))
  }
  select.value = own
}
