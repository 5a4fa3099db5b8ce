import type { WorkflowEdit } from '@/gql/graphql'
import { settingsOf } from './edit'
import {
  type Edge,
  type Endpoint,
  edgeKey,
  freeName,
  type Graph,
  type GraphNode,
  nodeById,
  type Point,
} from './graph'
import { type Catalogue, type Kind, kindOf } from './kind'
import { card, freePlace, placeAfter, placeAlone, snap } from './place'
import { inputsOf, outputsOf } from './ports'

/** Where a new node goes: after an output, into an edge, to a place, where another one was, or anywhere. */
export type Spot = { after: Endpoint } | { into: Edge } | { at: Point } | { instead: string } | null

function placeFor(graph: Graph, spot: Spot): Point {
  if (spot === null) return placeAlone(graph)
  if ('instead' in spot) return nodeById(graph, spot.instead)?.position ?? placeAlone(graph)
  if ('at' in spot) return freePlace(graph, spot.at)
  if ('after' in spot) return placeAfter(graph, spot.after)
  const [from, to] = [nodeById(graph, spot.into.from.nodeId), nodeById(graph, spot.into.to.nodeId)]
  if (!from || !to) return placeAlone(graph)
  return snap({ x: (from.position.x + to.position.x) / 2, y: (from.position.y + to.position.y) / 2 })
}

/** Makes room for a node that goes into an edge: what follows moves to the right when it is too near. */
function roomEdits(graph: Graph, into: Edge): WorkflowEdit[] {
  const from = nodeById(graph, into.from.nodeId)
  const to = nodeById(graph, into.to.nodeId)
  if (!from || !to) return []
  const lacking = from.position.x + 2 * (card.width + 88) - to.position.x
  if (lacking <= 0 || to.position.x <= from.position.x) return []
  return graph.nodes
    .filter((node) => node.position.x >= to.position.x)
    .map((node) => move(node, { x: node.position.x + lacking, y: node.position.y }))
}

function move(node: GraphNode, position: Point): WorkflowEdit {
  return { moveNode: { nodeId: node.id, position: snap(position) } }
}

/** Adds a node of a kind, joined to where it was asked for. */
export function addNode(graph: Graph, kind: Kind, spot: Spot, nodeId: string): WorkflowEdit[] {
  const old = spot && 'instead' in spot ? nodeById(graph, spot.instead) : undefined
  if (old) return replaceNode(graph, old, kind, nodeId)
  const room = spot && 'into' in spot ? roomEdits(graph, spot.into) : []
  const placed = room.length > 0 && spot && 'into' in spot ? { after: spot.into.from } : spot
  const roomy = room.reduce((sofar, edit) => moved(sofar, edit), graph)
  const position =
    placed && 'after' in placed && room.length > 0 ? besides(graph, placed.after) : placeFor(roomy, placed)
  const name = freeName(
    graph.nodes.map((node) => node.name),
    kind.label,
  )
  const edits: WorkflowEdit[] = [
    ...room,
    { addNode: { nodeId, name, kind: kind.kind, kindVersion: kind.version, position, parameters: {} } },
  ]
  if (!spot || kind.inputs.length === 0) return edits
  if ('after' in spot) edits.push(edge(spot.after, { nodeId, port: 0 }))
  if ('into' in spot) {
    edits.push({ removeEdge: spot.into }, edge(spot.into.from, { nodeId, port: 0 }))
    if (kind.outputs.length > 0) edits.push(edge({ nodeId, port: 0 }, spot.into.to))
  }
  return edits
}

/**
 * Puts a node of another kind where one was. It keeps the name, by which expressions know it, what was said of it, and the edges
 * that fit.
 */
function replaceNode(graph: Graph, old: GraphNode, kind: Kind, nodeId: string): WorkflowEdit[] {
  const { name, position } = old
  const outputs = kind.outputs.length + (old.onError === 'ERROR_OUTPUT' ? 1 : 0)
  const own = (end: Endpoint) => (end.nodeId === old.id ? { ...end, nodeId } : end)
  const fits = ({ from, to }: Edge) =>
    (from.nodeId !== old.id || from.port < outputs) && (to.nodeId !== old.id || to.port < kind.inputs.length)
  const kept = graph.edges.filter((edge) => touches(edge, old.id) && fits(edge))
  return [
    { removeNode: { nodeId: old.id } },
    { addNode: { nodeId, name, kind: kind.kind, kindVersion: kind.version, position, parameters: {} } },
    ...settingsOf(nodeId, old),
    ...kept.map(({ from, to }) => edge(own(from), own(to))),
  ]
}

function touches({ from, to }: Edge, nodeId: string): boolean {
  return from.nodeId === nodeId || to.nodeId === nodeId
}

function moved(graph: Graph, { moveNode }: WorkflowEdit): Graph {
  if (!moveNode) return graph
  const nodes = graph.nodes.map((node) =>
    node.id === moveNode.nodeId ? { ...node, position: moveNode.position } : node,
  )
  return { ...graph, nodes }
}

function besides(graph: Graph, output: Endpoint): Point {
  const from = nodeById(graph, output.nodeId)
  return from ? snap({ x: from.position.x + card.width + 88, y: from.position.y }) : { x: 0, y: 0 }
}

function edge(from: Endpoint, to: Endpoint): WorkflowEdit {
  return { addEdge: { from, to } }
}

/** Joins an output to an input; nothing where that makes no sense. */
export function connect(graph: Graph, catalogue: Catalogue, { from, to }: Edge): WorkflowEdit[] {
  const target = nodeById(graph, to.nodeId)
  if (!target || from.nodeId === to.nodeId) return []
  if (to.port >= inputsOf(target, kindOf(catalogue, target)).length) return []
  return [edge(from, to)]
}

/** The edge between two nodes: from the left one's first output that nothing follows, or its first, to the right one's first input. */
export function joinable(graph: Graph, catalogue: Catalogue, nodeIds: readonly string[]): WorkflowEdit[] {
  const [left, right] = nodeIds
    .flatMap((id) => nodeById(graph, id) ?? [])
    .sort((a, b) => a.position.x - b.position.x || a.position.y - b.position.y)
  if (!left || !right || nodeIds.length !== 2) return []
  const ports = outputsOf(left, kindOf(catalogue, left), '').map((_, at) => at)
  const follows = (port: number) =>
    graph.edges.some(({ from }) => from.nodeId === left.id && from.port === port)
  const port = ports.find((one) => !follows(one)) ?? ports[0]
  if (port === undefined) return []
  const wanted: Edge = { from: { nodeId: left.id, port }, to: { nodeId: right.id, port: 0 } }
  const isThere = graph.edges.some((one) => edgeKey(one) === edgeKey(wanted))
  return isThere ? [] : connect(graph, catalogue, wanted)
}

/** Removes nodes and edges. A node with one way in and one way out leaves its neighbours joined. */
export function remove(graph: Graph, nodeIds: readonly string[], edges: readonly Edge[]): WorkflowEdit[] {
  const [only] = nodeIds
  const bridge = nodeIds.length === 1 && only ? bridgeOver(graph, only) : []
  return [
    ...edges
      .filter((one) => !nodeIds.includes(one.from.nodeId) && !nodeIds.includes(one.to.nodeId))
      .map((one): WorkflowEdit => ({ removeEdge: one })),
    ...nodeIds.map((nodeId): WorkflowEdit => ({ removeNode: { nodeId } })),
    ...bridge,
  ]
}

function bridgeOver(graph: Graph, nodeId: string): WorkflowEdit[] {
  const into = graph.edges.filter((one) => one.to.nodeId === nodeId)
  const out = graph.edges.filter((one) => one.from.nodeId === nodeId)
  const [before] = into
  const [after] = out
  if (into.length !== 1 || out.length !== 1 || !before || !after) return []
  if (before.from.nodeId === nodeId || after.to.nodeId === nodeId) return []
  return [edge(before.from, after.to)]
}

/** Moves nodes to where they were dropped; what did not move is left out. */
export function moveNodes(graph: Graph, places: ReadonlyMap<string, Point>): WorkflowEdit[] {
  const edits: WorkflowEdit[] = []
  for (const [id, place] of places) {
    const node = nodeById(graph, id)
    const to = snap(place)
    if (node && (node.position.x !== to.x || node.position.y !== to.y)) edits.push(move(node, to))
  }
  return edits
}
