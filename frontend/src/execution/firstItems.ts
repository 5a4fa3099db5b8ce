import type { Client } from 'urql'
import type { Json } from '@/api/scalars'
import { StepItemsQuery } from './StepItems'

const perPage = 200
/** More than can be pinned is not fetched. */
const most = 2000

export interface FirstItems {
  items: Json[]
  /** There were more than are fetched. */
  cut: boolean
}

/** The first items that a node's last step gave at its first output; `null` where they cannot be had. */
export async function firstItems(
  client: Client,
  executionId: string,
  nodeId: string,
): Promise<FirstItems | null> {
  const items: Json[] = []
  for (let page = 0; items.length < most; page += 1) {
    const after = page === 0 ? null : page * perPage - 1
    const variables = { executionId, nodeId, port: 0, first: perPage, after, input: false, output: true }
    const { data } = await client.query(StepItemsQuery, variables, { requestPolicy: 'network-only' })
    const found = data?.execution?.steps[0]?.output
    if (!found) return null
    for (const { json, binary, pairedItem } of found.items) {
      items.push({
        json: json as Json,
        ...(binary ? { binary: binary as Json } : {}),
        ...(pairedItem ? { pairedItem: pairedItem as Json } : {}),
      })
    }
    if (!found.hasNextPage) return { items, cut: false }
  }
  return { items, cut: true }
}
