// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import { absoluteTime } from './format'
import { localeOf } from './i18n'

describe('where the person lives', () => {
  it('is what the browser says of the language of the page', () => {
    expect(localeOf('en', ['fr-CH', 'en-GB', 'en-US'])).toBe('en-GB')
    expect(localeOf('fr', ['fr', 'en-GB'])).toBe('fr')
    expect(localeOf('fr', ['fry-NL'])).toBe('fr')
  })

  it('decides how a date is written', () => {
    const at = new Date(2026, 10, 23, 15, 44, 14).getTime()
    expect(absoluteTime(at, localeOf('en', ['en-GB']))).toBe('23 Nov 2026, 15:44:14')
    expect(absoluteTime(at, localeOf('en', ['en-US']))).toMatch(/^Nov 23, 2026, 3:44:14\sPM$/)
  })
})
