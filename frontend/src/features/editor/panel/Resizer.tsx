import { type KeyboardEvent, type PointerEvent, useState } from 'react'
import { useLabels } from './labels'
import classes from './NodePanel.module.css'

const [narrowest, usual, widest] = [340, 420, 760]
const storageKey = 'panel-width'

function bounded(width: number): number {
  return Math.round(Math.min(widest, Math.max(narrowest, width)))
}

/** The panel's width, kept for the next time. */
export function usePanelWidth() {
  const [width, setWidth] = useState(() => bounded(Number(localStorage.getItem(storageKey)) || usual))
  const keep = (wanted: number) => {
    localStorage.setItem(storageKey, String(bounded(wanted)))
    setWidth(bounded(wanted))
  }
  return [width, keep] as const
}

/** The panel's left edge, to drag or to move with the arrow keys. */
export function Resizer({ width, onWidth }: { width: number; onWidth: (width: number) => void }) {
  const t = useLabels()
  const onPointerDown = (down: PointerEvent<HTMLDivElement>) => {
    const edge = down.currentTarget
    edge.setPointerCapture(down.pointerId)
    const onMove = (move: globalThis.PointerEvent) => onWidth(width + down.clientX - move.clientX)
    edge.addEventListener('pointermove', onMove)
    edge.addEventListener('pointerup', () => edge.removeEventListener('pointermove', onMove), { once: true })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft') onWidth(width + 16)
    else if (event.key === 'ArrowRight') onWidth(width - 16)
    else return
    event.preventDefault()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that moves is no rule between paragraphs
    <div
      className={classes.resizer}
      role="separator"
      aria-orientation="vertical"
      aria-label={t('resize')}
      aria-valuenow={width}
      aria-valuemin={narrowest}
      aria-valuemax={widest}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  )
}
