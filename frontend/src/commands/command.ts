/** Something a person can do, offered alike by menus, the palette and the keyboard. */
export interface Command {
  id: string
  label: string
  /** `mod+k`, `shift+a`, `f`; `mod` is Ctrl, on a Mac ⌘. Several may be given. */
  shortcut?: string | readonly string[]
  enabled: boolean
  run: () => void
}

interface KeyPress {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  shiftKey: boolean
  altKey: boolean
}

/** Whether the keys that were pressed are the shortcut. */
export function matches(shortcut: string, press: KeyPress): boolean {
  const parts = shortcut.toLowerCase().split('+')
  const key = parts.at(-1) ?? ''
  const wants = (modifier: string) => parts.slice(0, -1).includes(modifier)
  return (
    keyName(press.key) === key &&
    (press.ctrlKey || press.metaKey) === wants('mod') &&
    press.altKey === wants('alt') &&
    press.shiftKey === wants('shift')
  )
}

/** The plus sign joins keys in a shortcut, so the key itself is called by its name. */
function keyName(key: string): string {
  return key === '+' ? 'plus' : key.toLowerCase()
}

export function shortcutsOf(command: Pick<Command, 'shortcut'>): readonly string[] {
  if (command.shortcut === undefined) return []
  return typeof command.shortcut === 'string' ? [command.shortcut] : command.shortcut
}

/** `Ctrl K`, for people. */
export function shownShortcut(command: Pick<Command, 'shortcut'>, mac: boolean): string {
  const [first] = shortcutsOf(command)
  if (!first) return ''
  const names: Record<string, string> = {
    mod: mac ? '⌘' : 'Ctrl',
    shift: mac ? '⇧' : 'Shift',
    alt: mac ? '⌥' : 'Alt',
  }
  return first
    .split('+')
    .map((part) => names[part] ?? part.charAt(0).toUpperCase() + part.slice(1))
    .join(' ')
}

/** Keys pressed while writing belong to the text, unless they come with Ctrl or ⌘ and the text has no use for them. */
export function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}

/** Keys by which a control is left or used. */
const controlKeys = new Set(['Tab', 'Enter', ' '])
const controls = 'a, button, summary, [role="tab"], [role="radio"], [role="option"], [role="separator"]'

/** Where Tab may be a command: on the page itself, and on what says so. */
const tabIsFree = 'body, main, [data-takes-tab] *'

/** Whether a key belongs to the control that has the focus: Tab must always lead on from a button, or out of a list. */
export function belongsToControl(key: string, target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.closest('[role="menu"]')) return true
  if (key === 'Tab' && !target.matches(tabIsFree)) return true
  return controlKeys.has(key) && target.closest(controls) !== null
}
