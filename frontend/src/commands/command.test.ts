// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import { belongsToControl, matches, shownShortcut } from './command'

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

describe('a key', () => {
  const made = (html: string) => {
    const box = document.createElement('div')
    box.innerHTML = html
    return box.querySelector('[data-here]')
  }

  it('belongs to the control that has the focus, so that nobody is caught on it', () => {
    const button = made('<button><svg data-here></svg></button>')?.closest('button') ?? null
    expect(['Tab', 'Enter', ' ', 'f'].map((key) => belongsToControl(key, button))).toEqual([
      true,
      true,
      true,
      false,
    ])
    expect(belongsToControl('Escape', made('<div role="menu"><i data-here></i></div>'))).toBe(true)
  })

  it('leads out of whatever can be scrolled or read by the keyboard', () => {
    expect(belongsToControl('Tab', made('<div tabindex="0" role="listbox" data-here></div>'))).toBe(true)
    expect(belongsToControl('f', made('<div tabindex="0" role="listbox" data-here></div>'))).toBe(false)
  })

  it('is free on a card of the canvas and on the page itself', () => {
    const card = made('<div data-takes-tab><div tabindex="0" role="group" data-here></div></div>')
    expect(belongsToControl('Tab', card)).toBe(false)
    expect(belongsToControl('Tab', made('<main tabindex="-1" data-here></main>'))).toBe(false)
    expect(belongsToControl('Tab', document.body)).toBe(false)
    expect(belongsToControl('Tab', null)).toBe(false)
  })
})
