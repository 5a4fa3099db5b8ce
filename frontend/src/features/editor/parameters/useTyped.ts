import { useEffect, useRef, useState } from 'react'

const restMs = 400

/**
 * Text while it is typed. It is kept after a moment's rest, when the field loses the focus, when it leaves the page, and
 * before a shortcut such as that for executing, which must not take what was there before. What comes from elsewhere
 * meanwhile replaces it only when nothing is being typed.
 */
export function useTyped(value: string, onKeep: (text: string) => void) {
  const [text, setText] = useState(value)
  const pending = useRef<string | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const latest = useRef(onKeep)
  latest.current = onKeep

  const keep = () => {
    clearTimeout(timer.current)
    if (pending.current === null) return
    const typed = pending.current
    pending.current = null
    latest.current(typed)
  }
  const keepNow = useRef(keep)
  keepNow.current = keep
  useEffect(() => {
    const onKeyDown = ({ ctrlKey, metaKey }: KeyboardEvent) => {
      if (ctrlKey || metaKey) keepNow.current()
    }
    window.addEventListener('keydown', onKeyDown, true)
    return () => {
      window.removeEventListener('keydown', onKeyDown, true)
      keepNow.current()
    }
  }, [])
  useEffect(() => {
    if (pending.current === null) setText(value)
  }, [value])

  const type = (typed: string) => {
    setText(typed)
    pending.current = typed
    clearTimeout(timer.current)
    timer.current = setTimeout(() => keepNow.current(), restMs)
  }
  return { text, type, keep }
}
