import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react'
import { belongsToControl, type Command, isWriting, matches, shortcutsOf } from './command'

interface Registry {
  /** Offers commands until the returned function is called; later ones win a shortcut. */
  offer: (commands: () => readonly Command[]) => () => void
  all: () => Command[]
}

const Context = createContext<Registry | null>(null)

/** Text fields keep these for themselves. */
const editingKeys = new Set(['a', 'c', 'v', 'x', 'z', 'y'])

export function CommandsProvider({ children }: { children: ReactNode }) {
  const [registry] = useState(createRegistry)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return
      const withModifier = event.ctrlKey || event.metaKey
      if (isWriting(event.target) && (!withModifier || editingKeys.has(event.key.toLowerCase()))) return
      if (!withModifier && belongsToControl(event.key, event.target)) return
      // An open dialog has the keyboard, except for the palette's own shortcut.
      if (
        document.querySelector('[role="dialog"][data-modal-content]') &&
        !(withModifier && event.key === 'k')
      )
        return
      const command = registry
        .all()
        .findLast((one) => one.enabled && shortcutsOf(one).some((shortcut) => matches(shortcut, event)))
      if (!command) return
      event.preventDefault()
      command.run()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [registry])
  return <Context value={registry}>{children}</Context>
}

function createRegistry(): Registry {
  const offers = new Set<() => readonly Command[]>()
  return {
    offer: (commands) => {
      offers.add(commands)
      return () => offers.delete(commands)
    },
    all: () => [...offers].flatMap((commands) => [...commands()]),
  }
}

export function useCommandRegistry(): Registry {
  const registry = useContext(Context)
  if (!registry) throw new Error('useCommandRegistry needs a CommandsProvider around it')
  return registry
}

/** Offers commands while the component is on the page. */
export function useCommands(commands: readonly Command[]) {
  const { offer } = useCommandRegistry()
  const latest = useRef(commands)
  latest.current = commands
  const read = useMemo(() => () => latest.current, [])
  useEffect(() => offer(read), [offer, read])
}
