// @vitest-environment jsdom
import { afterEach, describe, expect, it } from 'vitest'
import { duration, relativeTime } from './format'
import { changeLanguage, preferredLanguage } from './i18n'
import { defineLabels } from './labels'

const { translate } = defineLabels('test', {
  en: { items_one: '{{count}} item', items_other: '{{count}} items' },
  fr: { items_one: '{{count}} élément', items_other: '{{count}} éléments' },
})

afterEach(() => changeLanguage('en'))

describe('labels', () => {
  it('count in both languages', async () => {
    expect([0, 1, 2].map((count) => translate('items', { count }))).toEqual(['0 items', '1 item', '2 items'])
    await changeLanguage('fr')
    expect([0, 1, 2, 1_000_000].map((count) => translate('items', { count }))).toEqual([
      '0 élément',
      '1 élément',
      '2 éléments',
      '1000000 éléments',
    ])
  })

  it('come in the language that was chosen, else in the browser’s', () => {
    expect(preferredLanguage('fr', ['en-GB'])).toBe('fr')
    expect(preferredLanguage(null, ['de-DE', 'fr-CA', 'en'])).toBe('fr')
    expect(preferredLanguage('xx', ['de'])).toBe('en')
  })
})

describe('formats', () => {
  it('say how long something took', () => {
    expect([0, 0.04, 0.42, 850, 1234, 65_000, 3_700_000].map((ms) => duration(ms, 'en'))).toEqual([
      '0 ms',
      '< 0.1 ms',
      '0.4 ms',
      '850 ms',
      '1.2 s',
      '1 min 05 s',
      '1 h 01 min',
    ])
    expect(duration(1234, 'fr')).toBe('1,2 s')
  })

  it('say how long ago something was', () => {
    const now = Date.UTC(2026, 0, 2)
    expect(relativeTime(now - 3 * 60_000, now, 'en')).toBe('3 min. ago')
    expect(relativeTime(now - 26 * 3_600_000, now, 'en')).toBe('yesterday')
  })
})
