import { createContext, useContext } from 'react'
import type { Edge, Endpoint, Point } from '../model/graph'
import type { Size } from '../model/note'

/** What parts of the canvas ask for. One object for all cards, so that they need not be drawn again for it. */
export interface CanvasActions {
  readOnly: boolean
  addAfter: (output: Endpoint) => void
  insertInto: (edge: Edge) => void
  removeEdge: (edge: Edge) => void
  resize: (nodeId: string, corner: Point, size: Size) => void
}

export const CanvasActionsContext = createContext<CanvasActions>({
  readOnly: true,
  addAfter: () => undefined,
  insertInto: () => undefined,
  removeEdge: () => undefined,
  resize: () => undefined,
})

export function useCanvasActions(): CanvasActions {
  return useContext(CanvasActionsContext)
}
