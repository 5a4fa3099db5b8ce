import type { Position } from './scalars'

/** Positions are whole numbers, sent as numbers or as text. */
export function isLater(position: Position, than: Position | null | undefined): boolean {
  return than == null || Number(position) > Number(than)
}

interface Positioned {
  position: Position
}

function positionOf(data: unknown): Position | null {
  if (typeof data !== 'object' || data === null) return null
  const [message] = Object.values(data) as (Partial<Positioned> | null)[]
  return message?.position ?? null
}

/**
 * Makes a subscription resumable: the variables always ask for what comes after the newest position that arrived,
 * and a message that arrived before is dropped. The transport serialises the variables anew at every connection, so
 * that a broken socket loses nothing and doubles nothing.
 */
export function resumable(variables: Record<string, unknown>) {
  let newest = (variables.after ?? null) as Position | null
  const resuming: Record<string, unknown> = { ...variables }
  Object.defineProperty(resuming, 'after', { enumerable: true, get: () => newest ?? undefined })
  return {
    variables: resuming,
    /** Whether this message is new; it is remembered when it is. */
    accept: (data: unknown): boolean => {
      const position = positionOf(data)
      if (position === null) return true
      if (!isLater(position, newest)) return false
      newest = position
      return true
    },
  }
}
