import { localStorageColorSchemeManager } from '@mantine/core'

/** The key that `first-paint-1.js` reads, too. */
export const colorSchemes = localStorageColorSchemeManager({ key: 'color-scheme' })
