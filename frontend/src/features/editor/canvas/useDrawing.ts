import { applyNodeChanges, type EdgeChange, type NodeChange } from '@xyflow/react'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { NodeState } from '@/execution/progress'
import { useLabels } from '../labels'
import type { Graph } from '../model/graph'
import type { Catalogue } from '../model/kind'
import { type CanvasNode, Drawing, type WireEdge } from './drawing'

interface Drawn {
  graph: Graph
  catalogue: Catalogue
  states: ReadonlyMap<string, NodeState>
}

/** The drawn graph, with what only the canvas knows: positions while a card is dragged, and what is selected. */
export function useDrawing({ graph, catalogue, states }: Drawn) {
  const t = useLabels()
  const [drawing] = useState(() => new Drawing())
  const drawn = useMemo(
    () =>
      drawing.draw({
        graph,
        catalogue,
        states,
        errorLabel: t('errorOutput'),
        edgeLabel: (from, to) => t('edge', { from, to }),
      }),
    [drawing, graph, catalogue, states, t],
  )
  const [nodes, setNodes] = useState<CanvasNode[]>(drawn.nodes)
  const [chosenEdges, setChosenEdges] = useState<ReadonlySet<string>>(new Set())
  useEffect(() => {
    setNodes((current) => {
      const known = new Map(current.map((node) => [node.id, node]))
      return drawn.nodes.map((node) => {
        const old = known.get(node.id)
        if (old && old.data === node.data && old.position === node.position) return old
        return old?.selected ? { ...node, selected: true } : node
      })
    })
  }, [drawn.nodes])
  const changeNodes = useCallback((changes: NodeChange<CanvasNode>[]) => {
    const ours = changes.filter(
      (one) =>
        one.type === 'position' ||
        one.type === 'select' ||
        // Sizes are given, not measured; only a person who pulls at a note gives another one.
        (one.type === 'dimensions' && one.resizing !== undefined),
    )
    if (ours.length > 0) setNodes((current) => applyNodeChanges(ours, current))
  }, [])
  const changeEdges = useCallback((changes: EdgeChange<WireEdge>[]) => {
    setChosenEdges((current) => {
      const next = new Set(current)
      for (const change of changes) {
        if (change.type === 'select' && change.selected) next.add(change.id)
        else if (change.type === 'select' || change.type === 'remove') next.delete(change.id)
      }
      return next
    })
  }, [])
  const select = useCallback((ids: readonly string[]) => {
    const chosen = new Set(ids)
    setNodes((current) =>
      current.map((node) =>
        (node.selected ?? false) === chosen.has(node.id) ? node : { ...node, selected: chosen.has(node.id) },
      ),
    )
    setChosenEdges(new Set())
  }, [])
  return { nodes, edges: drawn.edges, chosenEdges, changeNodes, changeEdges, select }
}
