import { useMemo } from 'react'
import { connect, moveNodes, type Spot } from './model/change'
import type { EditSession } from './model/EditSession'
import { type Edge, type Endpoint, nodeById, type Point } from './model/graph'
import type { Catalogue } from './model/kind'
import { resizeNote, type Size } from './model/note'
import type { EditorSearch } from './search'

interface Input {
  session: EditSession
  catalogue: Catalogue
  openAdd: (spot: Spot) => void
  go: (change: EditorSearch) => void
  /** Opens a node for the keyboard. */
  enter: (nodeId: string) => void
}

/** What the canvas may ask for; stable, so that cards are not drawn again for it. */
export function useCanvasActions({ session, catalogue, openAdd, go, enter }: Input) {
  return useMemo(
    () => ({
      onOpen: (node: string) => go({ node, field: undefined }),
      onEnter: enter,
      onClear: () => go({ node: undefined, field: undefined }),
      onMove: (places: ReadonlyMap<string, Point>) => session.edit(moveNodes(session.get().graph, places)),
      onConnect: (edge: Edge) => session.edit(connect(session.get().graph, catalogue, edge)),
      onAddAfter: (after: Endpoint) => openAdd({ after }),
      onAddAt: (at: Point) => openAdd({ at }),
      onInsertInto: (into: Edge) => openAdd({ into }),
      onRemoveEdge: (edge: Edge) => session.edit([{ removeEdge: edge }]),
      onResize: (nodeId: string, corner: Point, size: Size) => {
        const { graph } = session.get()
        const note = nodeById(graph, nodeId)
        if (note) session.edit(resizeNote(graph, note, corner, size))
      },
      onDropOnEdge: (nodeId: string, edge: Edge) =>
        session.edit([
          { removeEdge: edge },
          { addEdge: { from: edge.from, to: { nodeId, port: 0 } } },
          { addEdge: { from: { nodeId, port: 0 }, to: edge.to } },
        ]),
    }),
    [session, catalogue, openAdd, go, enter],
  )
}
