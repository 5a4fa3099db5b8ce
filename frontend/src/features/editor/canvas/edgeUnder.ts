import { type Edge, type Graph, nodeById, type Point } from '../model/graph'
import { card } from '../model/place'

/** The edge that an unconnected card was dropped on: one whose middle lies under the card. */
export function edgeUnder(graph: Graph, nodeId: string, place: Point): Edge | undefined {
  const connected = graph.edges.some((edge) => edge.from.nodeId === nodeId || edge.to.nodeId === nodeId)
  if (connected) return undefined
  return graph.edges.find((edge) => {
    const [from, to] = [nodeById(graph, edge.from.nodeId), nodeById(graph, edge.to.nodeId)]
    if (!from || !to) return false
    const middle = {
      x: (from.position.x + card.width + to.position.x) / 2,
      y: (from.position.y + to.position.y + card.height) / 2,
    }
    const inside = (value: number, start: number, length: number) => value >= start && value <= start + length
    return inside(middle.x, place.x, card.width) && inside(middle.y, place.y, card.height)
  })
}
