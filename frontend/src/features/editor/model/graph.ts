import type { Json } from '@/api/scalars'
import type { OnError } from '@/gql/graphql'

/** The definition of a workflow as the editor holds it. Never changed in place: an edit makes a new graph. */
export interface Graph {
  nodes: readonly GraphNode[]
  edges: readonly Edge[]
  settings: Json
  pinnedData: Json
}

export interface GraphNode {
  id: string
  name: string
  kind: string
  kindVersion: number
  position: Point
  parameters: Parameters
  disabled: boolean
  notes: string | null
  onError: OnError
  retry: Retry | null
  alwaysOutputData: boolean
  executeOnce: boolean
  /** The longest one attempt may be at work, in seconds. */
  timeoutSeconds: number | null
}

export type Parameters = { [name: string]: Json }

export interface Retry {
  maxAttempts: number
  waitMs: number
}

export interface Point {
  x: number
  y: number
}

export interface Endpoint {
  nodeId: string
  port: number
}

export interface Edge {
  from: Endpoint
  to: Endpoint
}

export const emptyGraph: Graph = { nodes: [], edges: [], settings: {}, pinnedData: {} }

const indexes = new WeakMap<readonly GraphNode[], Map<string, GraphNode>>()

/** The node with this id; the index is made once for each list of nodes. */
export function nodeById(graph: Graph, id: string): GraphNode | undefined {
  let index = indexes.get(graph.nodes)
  if (!index) {
    index = new Map(graph.nodes.map((node) => [node.id, node]))
    indexes.set(graph.nodes, index)
  }
  return index.get(id)
}

export function edgeKey({ from, to }: Edge): string {
  return `${from.nodeId}:${from.port}>${to.nodeId}:${to.port}`
}

export function sameEdge(one: Edge, other: Edge): boolean {
  return edgeKey(one) === edgeKey(other)
}

export function edgesFrom(graph: Graph, { nodeId, port }: Endpoint): Edge[] {
  return graph.edges.filter((edge) => edge.from.nodeId === nodeId && edge.from.port === port)
}

/** The nodes whose outputs lead into this one, nearest first, each once. */
export function upstream(graph: Graph, nodeId: string): GraphNode[] {
  const found: GraphNode[] = []
  const seen = new Set([nodeId])
  let level = [nodeId]
  while (level.length > 0) {
    const next = new Set<string>()
    for (const edge of graph.edges) {
      if (level.includes(edge.to.nodeId) && !seen.has(edge.from.nodeId)) next.add(edge.from.nodeId)
    }
    for (const id of next) {
      seen.add(id)
      const node = nodeById(graph, id)
      if (node) found.push(node)
    }
    level = [...next]
  }
  return found
}

/** `name`, or `name 2`, `name 3` … whichever no node has. */
export function freeName(taken: Iterable<string>, name: string): string {
  const names = new Set(taken)
  if (!names.has(name)) return name
  const base = name.replace(/ \d+$/, '')
  let number = 2
  while (names.has(`${base} ${number}`)) number += 1
  return `${base} ${number}`
}
