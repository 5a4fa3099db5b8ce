import type { Json } from '@/api/scalars'
import type { WorkflowEdit } from '@/gql/graphql'
import type { Graph } from './graph'

/** An item that stands in for what a node gives when the draft is executed by hand. */
export type PinnedItem = { json: { [key: string]: Json }; [key: string]: Json }

/** What is pinned to a node; `null` where nothing is. */
export function pinnedOf(graph: Graph, nodeId: string): readonly PinnedItem[] | null {
  const all = graph.pinnedData as { [id: string]: PinnedItem[] } | null
  return all?.[nodeId] ?? null
}

export function pin(nodeId: string, items: readonly PinnedItem[] | null): WorkflowEdit {
  return { setPinnedData: { nodeId, items: items as Json } }
}

/** The data of items as a person edits it. */
export function writtenOf(items: readonly PinnedItem[]): string {
  return JSON.stringify(
    items.map(({ json }) => json),
    null,
    2,
  )
}

/**
 * The items that a person wrote: a list of objects, or one object for a list of one. Items that were pinned before keep
 * what is not shown, their files for instance, where they stay in their place. `null` where the text is neither.
 */
export function readPinned(text: string, before: readonly PinnedItem[]): readonly PinnedItem[] | null {
  let written: Json
  try {
    written = JSON.parse(text) as Json
  } catch {
    return null
  }
  const list = Array.isArray(written) ? written : [written]
  const isObject = (one: Json): one is PinnedItem['json'] =>
    one !== null && typeof one === 'object' && !Array.isArray(one)
  return list.every(isObject) ? list.map((json, at) => ({ ...before[at], json })) : null
}
