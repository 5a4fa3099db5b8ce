import { SegmentedControl, Skeleton } from '@mantine/core'
import { useState } from 'react'
import { useQuery } from 'urql'
import type { Json } from '@/api/scalars'
import { useViewer } from '@/frame/Viewer'
import { graphql } from '@/gql/gql'
import type { ChosenItem } from '@/ui/items/ItemsTable'
import { ItemsView } from '@/ui/items/ItemsView'
import { Failed } from '@/ui/State'
import { useLabels } from './labels'

export const StepItemsQuery = graphql(`
  query StepItems($executionId: ID!, $nodeId: ID!, $stepId: ID, $port: Int!, $first: Int!, $after: Int, $input: Boolean!, $output: Boolean!) {
    execution(id: $executionId) {
      id
      steps(nodeId: $nodeId, stepId: $stepId, last: 1) {
        id iteration attempt inputCounts outputCounts
        input(port: $port, first: $first, after: $after) @include(if: $input) {
          totalCount hasNextPage items { index json binary pairedItem }
        }
        output(port: $port, first: $first, after: $after) @include(if: $output) {
          totalCount hasNextPage items { index json binary pairedItem }
        }
      }
    }
  }
`)

export const itemsPerPage = 25

export interface StepItemsProps {
  executionId: string
  nodeId: string
  /** Which of the node's steps; its last one when left out. */
  stepId?: string
  side: 'input' | 'output'
  portLabels?: readonly string[]
  /** Changes when the step may have new items. */
  freshness?: string
  /** Fields can be dragged into parameters. */
  draggable?: boolean
  /** The item that expressions are shown for, where one can be chosen. */
  chosen?: ChosenItem | undefined
}

/** The items of one step, page by page. */
export function StepItems(props: StepItemsProps) {
  const { executionId, nodeId, stepId, side, portLabels, freshness } = props
  const t = useLabels()
  const { may } = useViewer()
  const [port, setPort] = useState(0)
  const [page, setPage] = useState(0)
  const [{ data, error, fetching }, reload] = useQuery({
    query: StepItemsQuery,
    variables: {
      executionId,
      nodeId,
      stepId,
      port,
      first: itemsPerPage,
      after: page === 0 ? null : page * itemsPerPage - 1,
      input: side === 'input',
      output: side === 'output',
    },
    requestPolicy: freshness === undefined ? 'cache-first' : 'cache-and-network',
  })
  const step = data?.execution?.steps[0]
  const counts = (side === 'input' ? step?.inputCounts : step?.outputCounts) ?? []
  const found = side === 'input' ? step?.input : step?.output

  if (!data && error)
    return <Failed error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />
  if (!data && fetching) return <Skeleton height={96} m="xs" />
  if (!step) return <p className="dim small">{t(side === 'input' ? 'noInput' : 'noOutput')}</p>
  if (!found && counts.some((count) => count > 0)) {
    return <p className="dim small">{t(may('execution:read-items') ? 'expired' : 'forbidden')}</p>
  }
  const choosePort = (value: string) => {
    setPort(Number(value))
    setPage(0)
  }
  return (
    <div>
      {counts.length > 1 && (
        <SegmentedControl
          size="xs"
          mb={6}
          aria-label={t('port')}
          value={String(port)}
          onChange={choosePort}
          data={counts.map((count, at) => ({
            value: String(at),
            label: `${portLabels?.[at] ?? at + 1} (${count})`,
          }))}
        />
      )}
      <ItemsView
        items={(found?.items ?? []).map(({ index, json, binary }) => ({
          index,
          json: json as Json,
          binary: (binary ?? null) as Json,
        }))}
        total={found?.totalCount ?? counts[port] ?? 0}
        page={page}
        pageSize={itemsPerPage}
        hasNext={found?.hasNextPage ?? false}
        onPage={setPage}
        draggable={props.draggable}
        chosen={port === 0 ? props.chosen : undefined}
        fileHref={
          may('execution:read-files')
            ? (key) => `/files/${encodeURIComponent(executionId)}/${key}`
            : undefined
        }
      />
    </div>
  )
}
