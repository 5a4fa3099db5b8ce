import type { Json } from '@/api/scalars'
import type {
  AddNodeEdit,
  EdgeEdit,
  RenameNodeEdit,
  SetNodeSettingsEdit,
  SetParameterEdit,
  SetPinnedDataEdit,
  WorkflowEdit,
} from '@/gql/graphql'
import { type Edge, type Graph, type GraphNode, type Parameters, sameEdge } from './graph'

/**
 * What the graph is after an edit: the same as the server will say, so that the canvas need not wait for it. An edit
 * of something that is gone changes nothing, since another person may have removed it meanwhile.
 */
export function applyEdit(graph: Graph, edit: WorkflowEdit): Graph {
  if (edit.addNode) return withNode(graph, edit.addNode)
  if (edit.removeNode) return withoutNode(graph, edit.removeNode.nodeId)
  if (edit.moveNode) {
    const { nodeId, position } = edit.moveNode
    return changeNode(graph, nodeId, { position: { x: position.x, y: position.y } })
  }
  if (edit.renameNode) return renamed(graph, edit.renameNode)
  if (edit.setParameter) return withParameter(graph, edit.setParameter)
  if (edit.setNodeSettings) return withNodeSettings(graph, edit.setNodeSettings)
  if (edit.addEdge) return withEdge(graph, edgeOf(edit.addEdge))
  if (edit.removeEdge) return withoutEdge(graph, edgeOf(edit.removeEdge))
  if (edit.setSettings) return { ...graph, settings: edit.setSettings.settings as Json }
  if (edit.setPinnedData) return withPinnedData(graph, edit.setPinnedData)
  return graph
}

export function applyEdits(graph: Graph, edits: readonly WorkflowEdit[]): Graph {
  return edits.reduce(applyEdit, graph)
}

function changeNode(graph: Graph, id: string, change: Partial<GraphNode>): Graph {
  const at = graph.nodes.findIndex((node) => node.id === id)
  const node = graph.nodes[at]
  return node ? { ...graph, nodes: graph.nodes.with(at, { ...node, ...change }) } : graph
}

function withNode(graph: Graph, edit: AddNodeEdit): Graph {
  if (graph.nodes.some((node) => node.id === edit.nodeId)) return graph
  const node: GraphNode = {
    id: edit.nodeId,
    name: edit.name,
    kind: edit.kind,
    kindVersion: edit.kindVersion ?? 1,
    position: { x: edit.position.x, y: edit.position.y },
    parameters: (edit.parameters ?? {}) as Parameters,
    disabled: false,
    notes: null,
    onError: 'STOP',
    retry: null,
    alwaysOutputData: false,
    executeOnce: false,
    timeoutSeconds: null,
  }
  return { ...graph, nodes: [...graph.nodes, node] }
}

function withoutNode(graph: Graph, id: string): Graph {
  return {
    ...graph,
    nodes: graph.nodes.filter((node) => node.id !== id),
    edges: graph.edges.filter((edge) => edge.from.nodeId !== id && edge.to.nodeId !== id),
  }
}

function renamed(graph: Graph, { nodeId, name }: RenameNodeEdit): Graph {
  return changeNode(graph, nodeId, { name })
}

function withParameter(graph: Graph, { nodeId, name, value }: SetParameterEdit): Graph {
  const node = graph.nodes.find((one) => one.id === nodeId)
  if (!node) return graph
  const { [name]: _, ...others } = node.parameters
  const parameters = value == null ? others : { ...node.parameters, [name]: value as Json }
  return changeNode(graph, nodeId, { parameters })
}

/** Only what the edit names changes; `null` for notes and retry takes them away. */
function withNodeSettings(graph: Graph, { nodeId, ...settings }: SetNodeSettingsEdit): Graph {
  const named = Object.entries(settings).filter(([, value]) => value !== undefined)
  return changeNode(graph, nodeId, Object.fromEntries(named) as Partial<GraphNode>)
}

function edgeOf({ from, to }: EdgeEdit): Edge {
  return {
    from: { nodeId: from.nodeId, port: from.port ?? 0 },
    to: { nodeId: to.nodeId, port: to.port ?? 0 },
  }
}

function withEdge(graph: Graph, edge: Edge): Graph {
  const joins = (id: string) => graph.nodes.some((node) => node.id === id)
  if (!joins(edge.from.nodeId) || !joins(edge.to.nodeId)) return graph
  return graph.edges.some((one) => sameEdge(one, edge)) ? graph : { ...graph, edges: [...graph.edges, edge] }
}

function withoutEdge(graph: Graph, edge: Edge): Graph {
  return { ...graph, edges: graph.edges.filter((one) => !sameEdge(one, edge)) }
}

function withPinnedData(graph: Graph, { nodeId, items }: SetPinnedDataEdit): Graph {
  const { [nodeId]: _, ...others } = (graph.pinnedData ?? {}) as { [id: string]: Json }
  return { ...graph, pinnedData: items == null ? others : { ...others, [nodeId]: items as Json } }
}

/** What gives another node the settings of one; nothing where they are the usual ones. */
export function settingsOf(nodeId: string, node: GraphNode): WorkflowEdit[] {
  const { disabled, notes, onError, retry, alwaysOutputData, executeOnce, timeoutSeconds } = node
  const plain = !disabled && !notes && !retry && !alwaysOutputData && !executeOnce && !timeoutSeconds
  if (plain && (onError ?? 'STOP') === 'STOP') return []
  const more = { alwaysOutputData, executeOnce, timeoutSeconds }
  return [{ setNodeSettings: { nodeId, disabled, notes, onError, retry, ...more } }]
}
