import { describe, expect, it } from 'vitest'
import { accentOf, contrast } from './accent'

const chosen = ['#0f766e', '#ffff00', '#ffffff', '#000000', '#ff8800', '#888888', '#3b5bdb', '#e91e63']

describe.each(chosen)('the accent %s', (hex) => {
  const accent = accentOf(hex)

  it('keeps the tenant’s own colour', () => {
    expect(accent.fill).toBe(hex)
    expect(accent.shades).toHaveLength(10)
  })

  it('can be read as text on both themes, and has readable text on it', () => {
    expect(contrast(accent.textOnLight, '#f7f8fa')).toBeGreaterThanOrEqual(4.5)
    expect(contrast(accent.textOnDark, '#181b21')).toBeGreaterThanOrEqual(4.5)
    expect(contrast(accent.onFill, accent.fill)).toBeGreaterThanOrEqual(4.5)
  })
})
