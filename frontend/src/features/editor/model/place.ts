import { type Endpoint, edgesFrom, type Graph, nodeById, type Point } from './graph'
import { isNote } from './note'

/** The canvas's measures, in pixels. */
export const card = { width: 200, height: 64 } as const
export const grid = 8
const gap = { x: 88, y: 32 } as const

export function snap({ x, y }: Point): Point {
  return { x: Math.round(x / grid) * grid, y: Math.round(y / grid) * grid }
}

function overlaps(graph: Graph, place: Point): boolean {
  return graph.nodes.some(
    ({ kind, position }) =>
      !isNote({ kind }) &&
      Math.abs(position.x - place.x) < card.width + 16 &&
      Math.abs(position.y - place.y) < card.height + 16,
  )
}

/** The next place from here, downwards, where no card lies. */
export function freePlace(graph: Graph, from: Point): Point {
  let place = snap(from)
  for (let tries = 0; tries < 500 && overlaps(graph, place); tries += 1) {
    place = { x: place.x, y: place.y + card.height + gap.y }
  }
  return place
}

/** Where a node goes that follows an output: to the right, below those that follow it already. */
export function placeAfter(graph: Graph, output: Endpoint): Point {
  const source = nodeById(graph, output.nodeId)
  if (!source) return { x: 0, y: 0 }
  const followers = edgesFrom(graph, output).length
  const step = card.height + gap.y
  return freePlace(graph, {
    x: source.position.x + card.width + gap.x,
    y: source.position.y + (output.port + followers) * step,
  })
}

/** Where the first node goes, or one that nothing leads to. */
export function placeAlone(graph: Graph): Point {
  const nodes = graph.nodes.filter((node) => !isNote(node))
  if (nodes.length === 0) return { x: 0, y: 0 }
  const right = Math.max(...nodes.map((node) => node.position.x))
  const rightmost = nodes.find((node) => node.position.x === right)
  return freePlace(graph, { x: right + card.width + gap.x, y: rightmost?.position.y ?? 0 })
}
