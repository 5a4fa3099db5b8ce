// Runs before the first paint, so that a person who chose dark never sees a white flash. It is a file of its own
// because the content security policy allows no inline scripts. Files here are kept by browsers for ever: a change of it
// takes the next number into its name.
;(() => {
  let chosen = null
  try {
    chosen = localStorage.getItem('color-scheme')
  } catch {
    // Storage may be denied; the system's preference stands then.
  }
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  const root = document.documentElement
  root.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
  root.style.background = dark ? '#101216' : '#f7f8fa'
})()
