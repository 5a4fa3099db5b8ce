import { type Edge as FlowEdge, type Node as FlowNode, Position } from '@xyflow/react'
import type { NodeState } from '@/execution/progress'
import { type Edge, edgeKey, type Graph, type GraphNode } from '../model/graph'
import { type Catalogue, type Kind, kindOf, type Port } from '../model/kind'
import { isNote, noteSize } from '../model/note'
import { pinnedOf } from '../model/pinned'
import { card } from '../model/place'
import { inputsOf, outputsOf } from '../model/ports'

/** What one card shows. */
export interface CardData extends Record<string, unknown> {
  node: GraphNode
  kind: Kind | undefined
  inputs: readonly Port[]
  outputs: readonly Port[]
  /** The outputs that nothing follows. */
  free: readonly number[]
  state: NodeState | undefined
  /** Items stand in for what it gives. */
  pinned: boolean
}
export type CardNode = FlowNode<CardData, 'card'>
export type NoteNode = FlowNode<CardData, 'note'>
export type CanvasNode = CardNode | NoteNode

/** What one edge shows. */
export interface WireData extends Record<string, unknown> {
  edge: Edge
  /** Items that passed; `null` before anything did. */
  count: number | null
  flowing: boolean
  hovered?: boolean
}
export type WireEdge = FlowEdge<WireData, 'wire'>

const portGap = 24

export function cardHeight(inputs: number, outputs: number): number {
  return Math.max(card.height, Math.max(inputs, outputs) * portGap + 14)
}

/** Where a port's handle lies, from the card's top. */
export function portTop(port: number, ports: number, height: number): number {
  return height / 2 + (port - (ports - 1) / 2) * portGap
}

interface DrawingInput {
  graph: Graph
  catalogue: Catalogue
  states: ReadonlyMap<string, NodeState>
  errorLabel: string
  edgeLabel: (from: string, to: string) => string
}

/**
 * The graph as the canvas library wants it. A card that did not change keeps its identity from drawing to drawing, so
 * that of a thousand cards only those are drawn again that changed.
 */
export class Drawing {
  private nodes = new Map<string, CanvasNode>()
  private edges = new Map<string, WireEdge>()

  draw(input: DrawingInput): { nodes: CanvasNode[]; edges: WireEdge[] } {
    const { graph, catalogue, states, errorLabel } = input
    const names = new Map(graph.nodes.map(({ id, name }) => [id, name]))
    const followed = new Set(graph.edges.map(({ from }) => `${from.nodeId}:${from.port}`))
    const nodes = graph.nodes.map((node) => {
      const kind = kindOf(catalogue, node)
      const outputs = outputsOf(node, kind, errorLabel)
      const free = outputs.flatMap((_, port) => (followed.has(`${node.id}:${port}`) ? [] : [port]))
      const known = this.nodes.get(node.id)
      const state = states.get(node.id)
      const pinned = pinnedOf(graph, node.id) !== null
      if (
        known &&
        known.data.node === node &&
        known.data.kind === kind &&
        known.data.pinned === pinned &&
        sameState(known.data.state, state)
      ) {
        if (known.data.free.join() === free.join()) return known
      }
      const data = { node, kind, inputs: inputsOf(node, kind), outputs, free, state, pinned }
      return isNote(node) ? noteOf(data) : cardOf(data)
    })
    const edges = graph.edges.map((edge) => this.wire(edge, names, input))
    this.nodes = new Map(nodes.map((node) => [node.id, node]))
    this.edges = new Map(edges.map((edge) => [edge.id, edge]))
    return { nodes, edges }
  }

  private wire(
    edge: Edge,
    names: ReadonlyMap<string, string>,
    { states, edgeLabel }: DrawingInput,
  ): WireEdge {
    const id = edgeKey(edge)
    const source = states.get(edge.from.nodeId)
    const target = states.get(edge.to.nodeId)
    const count = source?.status === 'SUCCEEDED' ? (source.counts[edge.from.port] ?? null) : null
    const flowing = target?.status === 'RUNNING' && count !== null
    const ariaLabel = edgeLabel(names.get(edge.from.nodeId) ?? '', names.get(edge.to.nodeId) ?? '')
    const known = this.edges.get(id)
    if (
      known?.data &&
      known.data.count === count &&
      known.data.flowing === flowing &&
      known.ariaLabel === ariaLabel
    ) {
      return known
    }
    return {
      id,
      type: 'wire',
      source: edge.from.nodeId,
      target: edge.to.nodeId,
      sourceHandle: `out-${edge.from.port}`,
      targetHandle: `in-${edge.to.port}`,
      data: { edge, count, flowing },
      ariaLabel,
    }
  }
}

function sameState(one: NodeState | undefined, other: NodeState | undefined): boolean {
  if (one === other) return true
  if (!one || !other) return false
  return (
    one.status === other.status &&
    one.changed === other.changed &&
    one.durationMs === other.durationMs &&
    one.error?.message === other.error?.message &&
    one.counts.join() === other.counts.join()
  )
}

/** Sizes and handles are given rather than measured: a card that is not in sight need not be drawn for its edges. */
function cardOf(data: CardData): CardNode {
  const height = cardHeight(data.inputs.length, data.outputs.length)
  const handle = (type: 'source' | 'target', port: number, ports: number) => ({
    id: `${type === 'source' ? 'out' : 'in'}-${port}`,
    type,
    position: type === 'source' ? Position.Right : Position.Left,
    x: type === 'source' ? card.width - 5 : -5,
    y: portTop(port, ports, height) - 5,
    width: 10,
    height: 10,
  })
  return {
    id: data.node.id,
    type: 'card',
    position: data.node.position,
    width: card.width,
    height,
    measured: { width: card.width, height },
    handles: [
      ...data.inputs.map((_, port) => handle('target', port, data.inputs.length)),
      ...data.outputs.map((_, port) => handle('source', port, data.outputs.length)),
    ],
    data,
    ariaLabel: data.node.name,
  }
}

/** A note lies behind the cards and their edges. */
function noteOf(data: CardData): NoteNode {
  const size = noteSize(data.node)
  return {
    id: data.node.id,
    type: 'note',
    position: data.node.position,
    ...size,
    measured: size,
    zIndex: -1,
    data,
    ariaLabel: data.node.name,
  }
}
