import type { Json } from '@/api/scalars'
import type { WorkflowEdit } from '@/gql/graphql'
import { settingsOf } from './edit'
import { type Edge, freeName, type Graph, type GraphNode, type Parameters, type Point } from './graph'
import { snap } from './place'
import { withNewNames } from './references'

/** What is copied: readable JSON text, so that it can be pasted into a message and back. */
interface Copied {
  nodes: readonly GraphNode[]
  edges: readonly Edge[]
}

/** Whether a text may hold a workflow in a format that only the server reads. */
export function mayBeForeign(text: string): boolean {
  const start = text.trimStart()
  return (start.startsWith('{') || start.startsWith('[')) && text.includes('"nodes"')
}

export function copyText(graph: Graph, nodeIds: readonly string[]): string {
  const chosen = new Set(nodeIds)
  const copied: Copied = {
    nodes: graph.nodes.filter((node) => chosen.has(node.id)),
    edges: graph.edges.filter((edge) => chosen.has(edge.from.nodeId) && chosen.has(edge.to.nodeId)),
  }
  return JSON.stringify(copied, null, 2)
}

function isNode(value: unknown): value is GraphNode {
  if (typeof value !== 'object' || value === null) return false
  const { id, name, kind, position } = value as Partial<GraphNode>
  return (
    typeof id === 'string' &&
    typeof name === 'string' &&
    typeof kind === 'string' &&
    typeof position?.x === 'number' &&
    typeof position.y === 'number'
  )
}

function isEdge(value: unknown): value is Edge {
  const { from, to } = (value ?? {}) as Partial<Edge>
  return typeof from?.nodeId === 'string' && typeof to?.nodeId === 'string'
}

function parse(text: string): Copied | null {
  let found: unknown
  try {
    found = JSON.parse(text)
  } catch {
    return null
  }
  const { nodes, edges } = (found ?? {}) as { nodes?: unknown; edges?: unknown }
  if (!Array.isArray(nodes) || nodes.length === 0 || !nodes.every(isNode)) return null
  return { nodes, edges: Array.isArray(edges) ? edges.filter(isEdge) : [] }
}

export interface Pasted {
  edits: WorkflowEdit[]
  nodeIds: string[]
}

/** The edits that paste a text, with its upper left corner at a place; `null` when the text holds no nodes. */
export function pasteEdits(graph: Graph, text: string, corner: Point, newId: () => string): Pasted | null {
  const copied = parse(text)
  return copied && pasteGraph(graph, copied, corner, newId)
}

/**
 * The edits that add another graph, with its upper left corner at a place. A node whose name is taken gets another one, which
 * the nodes that come with it then name it by; what they name outside of them stays.
 */
export function pasteGraph(
  graph: Graph,
  copied: Copied & { pinnedData?: Json },
  corner: Point,
  newId: () => string,
): Pasted {
  const left = Math.min(...copied.nodes.map((node) => node.position.x))
  const top = Math.min(...copied.nodes.map((node) => node.position.y))
  const ids = new Map(copied.nodes.map((node) => [node.id, newId()]))
  const names = freeNames(graph, copied.nodes)
  const renames = new Map(
    copied.nodes.flatMap(({ name }, at) => (name === names[at] ? [] : [[name, names[at] ?? name] as const])),
  )
  const edits = copied.nodes.flatMap((node, at): WorkflowEdit[] => {
    const nodeId = ids.get(node.id) ?? newId()
    const name = names[at] ?? node.name
    const position = snap({ x: corner.x + node.position.x - left, y: corner.y + node.position.y - top })
    const parameters = withNewNames(node.parameters ?? {}, renames) as Json
    return [
      {
        addNode: { nodeId, name, kind: node.kind, kindVersion: node.kindVersion ?? 1, position, parameters },
      },
      ...settingsOf(nodeId, node),
    ]
  })
  for (const { from, to } of copied.edges) {
    const [source, target] = [ids.get(from.nodeId), ids.get(to.nodeId)]
    if (source && target) {
      edits.push({
        addEdge: { from: { nodeId: source, port: from.port }, to: { nodeId: target, port: to.port } },
      })
    }
  }
  for (const [id, items] of Object.entries((copied.pinnedData ?? {}) as Parameters)) {
    const nodeId = ids.get(id)
    if (nodeId) edits.push({ setPinnedData: { nodeId, items } })
  }
  return { edits, nodeIds: [...ids.values()] }
}

/** The name of each node once it is in the graph. */
function freeNames(graph: Graph, nodes: readonly GraphNode[]): string[] {
  const taken = new Set(graph.nodes.map((node) => node.name))
  return nodes.map((node) => {
    const name = freeName(taken, node.name)
    taken.add(name)
    return name
  })
}
