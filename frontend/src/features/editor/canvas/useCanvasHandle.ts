import { useReactFlow } from '@xyflow/react'
import { type RefObject, useImperativeHandle } from 'react'
import type { Point } from '../model/graph'
import { card } from '../model/place'
import classes from './Canvas.module.css'

/** What commands and panels may do with the view. */
export interface CanvasHandle {
  select: (nodeIds: readonly string[]) => void
  /** Gives the focus back to a card that is in sight. */
  focus: (nodeId: string) => void
  fit: () => void
  fitNodes: (nodeIds: readonly string[]) => void
  /** Moves the view to a node unless it is in sight with what can follow it. */
  reveal: (nodeId: string) => void
  zoomIn: () => void
  zoomOut: () => void
  centre: () => Point
}

/** Milliseconds that a change of the view takes: none for those who asked for no motion. */
function motion(): number {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 160
}

const fitOptions = () => ({ padding: 0.15, maxZoom: 1, duration: motion() })
function canvasBox(): DOMRect {
  return (
    document.querySelector(`.${CSS.escape(classes.canvas ?? '')}`)?.getBoundingClientRect() ?? new DOMRect()
  )
}

/** Room around a card for its ports and the plus behind it, in pixels on the screen. */
const room = 72

export function useCanvasHandle(
  handle: RefObject<CanvasHandle | null> | undefined,
  select: CanvasHandle['select'],
) {
  const flow = useReactFlow()
  const reveal = (nodeId: string) => {
    const node = flow.getNode(nodeId)
    if (!node) return
    const box = canvasBox()
    const { zoom } = flow.getViewport()
    const corner = flow.flowToScreenPosition(node.position)
    const inSight =
      corner.x >= box.left + room / 2 &&
      corner.x + card.width * zoom <= box.right - room &&
      corner.y >= box.top + room / 2 &&
      corner.y + card.height * zoom <= box.bottom - room
    if (inSight) return
    const { x, y } = node.position
    void flow.setCenter(x + card.width / 2, y + card.height / 2, { zoom, duration: motion() })
  }
  useImperativeHandle(handle, () => ({
    select,
    reveal,
    focus: (id) =>
      document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)?.focus(),
    fit: () => void flow.fitView(fitOptions()),
    fitNodes: (ids) => void flow.fitView({ ...fitOptions(), nodes: ids.map((id) => ({ id })) }),
    zoomIn: () => void flow.zoomIn({ duration: motion() }),
    zoomOut: () => void flow.zoomOut({ duration: motion() }),
    centre: () => {
      const box = canvasBox()
      return flow.screenToFlowPosition({ x: box.left + box.width / 2, y: box.top + box.height / 2 })
    },
  }))
}
