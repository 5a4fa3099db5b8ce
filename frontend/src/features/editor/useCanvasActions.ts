import { useMemo } from 'react'
import { connect, moveNodes, type Spot } from './model/change'
import type { EditSession } from './model/EditSession'
import type { Edge, Endpoint, Point } from './model/graph'
import type { Catalogue } from './model/kind'
import type { EditorSearch } from './search'

interface Input {
  session: EditSession
  catalogue: Catalogue
  openAdd: (spot: Spot) => void
  go: (change: EditorSearch) => void
}

/** What the canvas may ask for; stable, so that cards are not drawn again for it. */
export function useCanvasActions({ session, catalogue, openAdd, go }: Input) {
  return useMemo(
    () => ({
      onOpen: (node: string) => go({ node, field: undefined }),
      onClear: () => go({ node: undefined, field: undefined }),
      onMove: (places: ReadonlyMap<string, Point>) => session.edit(moveNodes(session.get().graph, places)),
      onConnect: (edge: Edge) => session.edit(connect(session.get().graph, catalogue, edge)),
      onAddAfter: (after: Endpoint) => openAdd({ after }),
      onAddAt: (at: Point) => openAdd({ at }),
      onInsertInto: (into: Edge) => openAdd({ into }),
      onRemoveEdge: (edge: Edge) => session.edit([{ removeEdge: edge }]),
      onDropOnEdge: (nodeId: string, edge: Edge) =>
        session.edit([
          { removeEdge: edge },
          { addEdge: { from: edge.from, to: { nodeId, port: 0 } } },
          { addEdge: { from: { nodeId, port: 0 }, to: edge.to } },
        ]),
    }),
    [session, catalogue, openAdd, go],
  )
}
