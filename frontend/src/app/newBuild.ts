const storageKey = 'reloaded-at'
const rest = 60_000

/**
 * A page that stays open over an update asks for parts of the app that are gone. It is loaded anew, but not again and
 * again: where a part is missing for another reason, the error page says so.
 */
export function reloadForNewBuild(page: Window) {
  page.addEventListener('vite:preloadError', (event) => {
    const last = Number(page.sessionStorage.getItem(storageKey) ?? 0)
    if (Date.now() - last < rest) return
    page.sessionStorage.setItem(storageKey, String(Date.now()))
    event.preventDefault()
    page.location.reload()
  })
}
