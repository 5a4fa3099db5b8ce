import type { Json } from '@/api/scalars'
import { edgeKey, type Graph, type GraphNode, nodeById, upstream } from './graph'
import { pinnedOf } from './pinned'

/**
 * The nodes for which what was executed as `before` does not count any longer: those that were changed since, and every
 * node after one of those. The server decides in the same way what it executes again; see `changed_since` in the model.
 */
export function changedSince(now: Graph, before: Graph): Set<string> {
  const rules = ({ settings }: Graph) => {
    const { timezone = null, executionOrder = null } = (settings ?? {}) as { [name: string]: Json }
    return [timezone, executionOrder]
  }
  if (!same(rules(now), rules(before))) return new Set(now.nodes.map(({ id }) => id))
  const old = new Set(before.edges.map(edgeKey))
  const current = new Set(now.edges.map(edgeKey))
  const rewired = [
    ...now.edges.filter((edge) => !old.has(edgeKey(edge))),
    ...before.edges.filter((edge) => !current.has(edgeKey(edge))),
  ].map(({ to }) => to.nodeId)
  const changed = new Set(rewired.filter((id) => nodeById(now, id)))
  for (const node of now.nodes) {
    const was = nodeById(before, node.id)
    const pins = [pinnedOf(now, node.id), pinnedOf(before, node.id)] as const
    if (!was || !same(behaviour(was), behaviour(node)) || !same(pins[0] as Json, pins[1] as Json))
      changed.add(node.id)
  }
  const open = [...changed]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const { from, to } of now.edges) {
      if (from.nodeId === id && !changed.has(to.nodeId)) {
        changed.add(to.nodeId)
        open.push(to.nodeId)
      }
    }
  }
  return changed
}

/** The nodes that lead to this one, itself included. */
export function leadingTo(graph: Graph, node: GraphNode): GraphNode[] {
  return [node, ...upstream(graph, node.id)]
}

function behaviour({ kind, kindVersion, parameters, disabled, onError, ...more }: GraphNode): Json {
  return [kind, kindVersion, parameters, disabled, onError, more.alwaysOutputData, more.executeOnce] as Json
}

/** Whether two values say the same; the order in which an object holds its entries says nothing. */
function same(one: Json, other: Json): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const [ours, theirs] = [one as { [name: string]: Json }, other as { [name: string]: Json }]
  const names = Object.keys(ours)
  return (
    names.length === Object.keys(theirs).length &&
    names.every((name) => name in theirs && same(ours[name] as Json, theirs[name] as Json))
  )
}
