// Comfort only: everything that scripts say stands on the page without them. Read first what the page says of itself.
import { watchBars } from './bars.js'
import { copyLink } from './copy.js'
import { watchFilter } from './filter.js'
import { live } from './live.js'
import { showOwnLanguage, watchMenus } from './menus.js'
import { root } from './page.js'
import { askInPlace } from './reports.js'
import { chooseZone } from './times.js'
import { offerOwnZone } from './zone.js'

watchMenus()
askInPlace()
offerOwnZone()
root.classList.add('on')
live()
// Added like all else after the edition was kept as it came.
showOwnLanguage()
watchBars()
watchFilter()
addEventListener('click', chooseZone)
addEventListener('click', copyLink)
