// The coach's words under the text that they are about, each time the preview was made. Without script they stand on its page.

document.addEventListener('composer:previewed', ({ detail: page }) => {
  const open = new Set([...document.querySelectorAll('.coach details[open]')].map(nameOf))
  for (const old of document.querySelectorAll('.coach')) old.remove()
  for (const coach of page.querySelectorAll('[data-coach]')) {
    for (const details of coach.querySelectorAll('details')) details.open = open.has(nameOf(details))
    document.getElementById(coach.dataset.coach)?.closest('.field')?.after(coach)
  }
})

/** What somebody has unfolded stays so while they write. */
function nameOf(details) {
  return `${details.closest('[data-coach]').dataset.coach} ${details.dataset.rule}`
}
