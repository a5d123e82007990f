// Whoever signs up is offered their own time zone first; without a script, the site's.
const orElse = (other, work) => {
  try {
    return work()
  } catch {
    // A browser of some years ago knows fewer zones, and no names of them.
    return other
  }
}

const named = (own) =>
  orElse(own, () => {
    const { lang } = document.documentElement
    const parts = new Intl.DateTimeFormat(lang, { timeZoneName: 'longGeneric' }).formatToParts()
    return parts.find(({ type }) => type === 'timeZoneName').value
  })

// Browsers call some places by an older name than we: Asia/Calcutta.
const calledHere = (timeZone) =>
  orElse(timeZone, () => Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone)

export const offerOwnZone = () => {
  const select = document.querySelector('select[data-own]')
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  if (!select || !own) return
  const option = [...select.options].find(({ value }) => calledHere(value) === own) ?? new Option(named(own), own)
  select.prepend(option)
  select.value = option.value
}
