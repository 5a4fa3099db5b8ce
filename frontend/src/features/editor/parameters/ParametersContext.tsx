import { createContext, type ReactNode, useContext, useMemo } from 'react'
import type { Graph, GraphNode } from '../model/graph'

/** Where the fields of a form stand: what expressions see, and whether anything may be changed. */
export interface ParametersPlace {
  workflowId: string
  node: GraphNode
  graph: Graph
  executionId: string | undefined
  /** The item of that execution that expressions are shown for. */
  itemIndex: number
  readOnly: boolean
  field: string | undefined
}

const Context = createContext<ParametersPlace | null>(null)

export function ParametersProvider({ children, ...place }: ParametersPlace & { children: ReactNode }) {
  const { workflowId, node, graph, executionId, itemIndex, readOnly, field } = place
  const value = useMemo(
    () => ({ workflowId, node, graph, executionId, itemIndex, readOnly, field }),
    [workflowId, node, graph, executionId, itemIndex, readOnly, field],
  )
  return <Context value={value}>{children}</Context>
}

export function useParametersPlace(): ParametersPlace {
  const place = useContext(Context)
  if (!place) throw new Error('useParametersPlace needs a ParametersProvider around it')
  return place
}
