import { edgeKey, type Graph, type GraphNode, nodeById } from './graph'

export interface Difference {
  type: 'added' | 'removed' | 'changed' | 'rewired'
  nodeId: string
  name: string
}

function content({ position: _, ...node }: GraphNode): string {
  return JSON.stringify(node)
}

/** The keys of the edges that touch each node. */
function wires(graph: Graph): Map<string, string> {
  const wired = new Map<string, string[]>()
  for (const edge of graph.edges) {
    const key = edgeKey(edge)
    for (const id of new Set([edge.from.nodeId, edge.to.nodeId])) {
      wired.set(id, [...(wired.get(id) ?? []), key])
    }
  }
  return new Map([...wired].map(([id, keys]) => [id, keys.toSorted().join()]))
}

/** What a draft changes, node by node; where cards lie does not count. */
export function differences(published: Graph, draft: Graph): Difference[] {
  const [before, after] = [wires(published), wires(draft)]
  const found: Difference[] = []
  for (const node of draft.nodes) {
    const old = nodeById(published, node.id)
    const of = { nodeId: node.id, name: node.name }
    if (!old) found.push({ type: 'added', ...of })
    else if (content(old) !== content(node)) found.push({ type: 'changed', ...of })
    else if (before.get(node.id) !== after.get(node.id)) found.push({ type: 'rewired', ...of })
  }
  for (const node of published.nodes) {
    if (!nodeById(draft, node.id)) found.push({ type: 'removed', nodeId: node.id, name: node.name })
  }
  return found
}
