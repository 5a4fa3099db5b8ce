import type { WorkflowEdit } from '@/gql/graphql'
import { moveNodes } from './change'
import type { Graph, GraphNode, Point } from './graph'

/** A note is a node that nothing flows through: words on the canvas, of a size of its own. */
export function isNote(node: Pick<GraphNode, 'kind'>): boolean {
  return node.kind === 'note'
}

export interface Size {
  width: number
  height: number
}

/** The size of a note that nobody has sized yet. */
export const plainNote: Size = { width: 240, height: 160 }
export const smallestNote: Size = { width: 64, height: 64 }

export function noteSize({ parameters: { width, height } }: GraphNode): Size {
  return {
    width: typeof width === 'number' ? width : plainNote.width,
    height: typeof height === 'number' ? height : plainNote.height,
  }
}

/** Sizes a note; its corner moves where it was pulled at the top or at the left. */
export function resizeNote(graph: Graph, note: GraphNode, corner: Point, size: Size): WorkflowEdit[] {
  const before = noteSize(note)
  const sides = (['width', 'height'] as const)
    .map((name) => ({ name, value: Math.round(size[name]) }))
    .filter(({ name, value }) => value !== before[name])
  return [
    ...moveNodes(graph, new Map([[note.id, corner]])),
    ...sides.map(({ name, value }): WorkflowEdit => ({ setParameter: { nodeId: note.id, name, value } })),
  ]
}
