import { describe, expect, it } from 'vitest'
import { matches, shownShortcut } from './command'

const press = (
  key: string,
  held: Partial<Record<'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey', boolean>> = {},
) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
})

describe('shortcuts', () => {
  it('match their keys and nothing more', () => {
    expect(matches('mod+k', press('k', { ctrlKey: true }))).toBe(true)
    expect(matches('mod+k', press('k', { metaKey: true }))).toBe(true)
    expect(matches('mod+k', press('k'))).toBe(false)
    expect(matches('f', press('f', { ctrlKey: true }))).toBe(false)
    expect(matches('shift+a', press('A', { shiftKey: true }))).toBe(true)
    expect(matches('mod+z', press('z', { ctrlKey: true, shiftKey: true }))).toBe(false)
    expect(matches('shift+plus', press('+', { shiftKey: true }))).toBe(true)
  })

  it('are shown as people know them', () => {
    expect(shownShortcut({ shortcut: ['mod+shift+z', 'mod+y'] }, false)).toBe('Ctrl Shift Z')
    expect(shownShortcut({ shortcut: 'mod+k' }, true)).toBe('⌘ K')
  })
})
