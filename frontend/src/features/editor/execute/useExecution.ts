import { notifications } from '@mantine/notifications'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { refusalOf } from '@/api/rejections'
import { CancelMutation } from '@/execution/cancel'
import { isOver, type Progress } from '@/execution/progress'
import { type FeedEntry, useFeedEntries } from '@/execution/useFeed'
import { useProgress } from '@/execution/useProgress'
import { useViewer } from '@/frame/Viewer'
import { readFragment } from '@/gql/fragment-masking'
import type { ExecuteWorkflowInput } from '@/gql/graphql'
import { ExecutedQuery, ExecuteMutation, GraphFragment, ListenMutation } from '../documents'
import { translate } from '../labels'
import { leadingTo } from '../model/changed'
import type { EditSession } from '../model/EditSession'
import type { Graph, GraphNode } from '../model/graph'
import { type Catalogue, kindOf } from '../model/kind'
import type { EditorSearch } from '../search'
import { graphOf } from '../transport'

/** A webhook of the draft waits for one call. */
export interface Listening {
  nodeId: string
  testUrl: string
  until: string
}

export interface EditorExecution {
  progress: Progress | null
  shownId: string | undefined
  running: boolean
  starting: boolean
  listening: Listening | null
  trigger: GraphNode | null
  /** The graph of the execution that is shown, once that is over. */
  executed: Graph | null
  /** Whether the member may start this workflow, or end what was started. */
  allowed: boolean
  execute: () => void
  executeFrom: (trigger: GraphNode) => void
  /** Executes what leads to a node, and the node; nothing where the member may not. */
  executeTo: ((node: GraphNode) => void) | null
  /** The same with what the shown execution recorded of nodes that nothing has changed for since. */
  executeNode: ((node: GraphNode) => void) | null
  stop: () => void
  stopListening: () => void
  clear: () => void
}

interface Input {
  workflowId: string
  session: EditSession
  catalogue: Catalogue
  executionId: string | undefined
  go: (change: EditorSearch) => void
}

export function isWebhook(node: Pick<GraphNode, 'kind'>): boolean {
  return ['webhook', 'formTrigger', 'chatTrigger'].includes(node.kind)
}

/** The trigger that the button starts: a manual one if there is one, else the first. */
export function triggerOf(graph: Graph, catalogue: Catalogue): GraphNode | null {
  const triggers = graph.nodes.filter((node) => kindOf(catalogue, node)?.isTrigger && !node.disabled)
  return triggers.find((node) => node.kind.startsWith('manual')) ?? triggers[0] ?? null
}

/** Executing the draft from the editor, and following what it does. */
export function useExecution({ workflowId, session, catalogue, executionId, go }: Input): EditorExecution {
  const progress = useProgress(executionId)
  const [{ fetching: starting }, start] = useMutation(ExecuteMutation)
  const [, cancel] = useMutation(CancelMutation)
  const { listening, listen, stopListening } = useListening(workflowId, session, go)
  const { graph } = session.get()
  const trigger = useMemo(() => triggerOf(graph, catalogue), [graph, catalogue])
  const running = progress !== null && !isOver(progress.status)
  const { may } = useViewer()
  const shown = useExecuted(progress)
  const begins = trigger !== null && isWebhook(trigger) ? 'workflow:listen' : 'workflow:execute'

  const executeFrom = async (node: GraphNode) => {
    if (isWebhook(node)) return listen(node.id)
    return begin({ triggerNodeId: node.id })
  }
  const begin = async (asked: Omit<ExecuteWorkflowInput, 'workflowId'>) => {
    await session.settled()
    const { data, error } = await start({ input: { workflowId, ...asked } })
    const payload = data?.executeWorkflow
    const [problem] = payload?.errors ?? []
    if (problem?.__typename === 'Overloaded') {
      return tell(translate('overloaded', { seconds: Math.ceil(problem.retryAfterMs / 1000) }))
    }
    const refusal = refusalOf(error, payload?.errors)
    if (refusal !== null) return tell(refusal)
    if (payload?.execution) go({ execution: payload.execution.id })
  }
  const executeTo = async (node: GraphNode, reuse: boolean) => {
    const { graph } = session.get()
    const leading = leadingTo(graph, node)
    const before = reuse ? leading.find(({ id }) => id === shown?.triggerNode) : undefined
    const from = before ?? triggerOf({ ...graph, nodes: leading }, catalogue)
    if (!from) return tell(translate('noWay'))
    const reuseExecutionId = before ? shown?.id : undefined
    return begin({ triggerNodeId: from.id, untilNodeId: node.id, reuseExecutionId })
  }
  const stop = async () => {
    if (!executionId) return
    const { data, error } = await cancel({ input: { executionId } })
    const refusal = refusalOf(error, data?.cancelExecution.errors)
    if (refusal !== null) tell(refusal)
  }

  return {
    progress,
    shownId: executionId,
    running,
    starting,
    listening,
    trigger,
    allowed: may(running ? 'execution:cancel' : begins),
    execute: () => (trigger ? void executeFrom(trigger) : tell(translate('needTrigger'))),
    executed: shown?.graph ?? null,
    executeFrom: (node) => void executeFrom(node),
    executeTo: may('workflow:execute') ? (node) => void executeTo(node, false) : null,
    executeNode: may('workflow:execute') && shown ? (node) => void executeTo(node, true) : null,
    stop: () => void stop(),
    stopListening,
    clear: () => go({ execution: undefined }),
  }
}

/** What the execution that is shown executed, once that is over. */
function useExecuted(progress: Progress | null) {
  const over = progress !== null && isOver(progress.status)
  const [{ data }] = useQuery({
    query: ExecutedQuery,
    variables: { id: progress?.executionId ?? '', atLeast: progress?.position },
    pause: !over,
  })
  const found = over && data?.execution?.id === progress.executionId ? data.execution : null
  return useMemo(
    () =>
      found && {
        id: found.id,
        triggerNode: found.triggerNode,
        graph: graphOf(readFragment(GraphFragment, found.graph)),
      },
    [found],
  )
}

function tell(message: string) {
  notifications.show({ color: 'red', message })
}

/** Waits at a webhook's test address; the execution that its call starts is shown at once. */
function useListening(workflowId: string, session: EditSession, go: (change: EditorSearch) => void) {
  const [listening, setListening] = useState<Listening | null>(null)
  const [, ask] = useMutation(ListenMutation)

  const onEntry = useCallback(
    (entry: FeedEntry) => {
      if (!listening || entry.workflow?.id !== workflowId || entry.mode !== 'TEST') return
      setListening(null)
      go({ execution: entry.id })
    },
    [listening, workflowId, go],
  )
  useFeedEntries(onEntry)

  useEffect(() => {
    if (!listening) return
    const timer = setTimeout(() => setListening(null), new Date(listening.until).getTime() - Date.now())
    return () => clearTimeout(timer)
  }, [listening])

  const listen = async (nodeId: string) => {
    await session.settled()
    const { data, error } = await ask({ input: { workflowId, nodeId } })
    const payload = data?.listenForWebhook
    const refusal = refusalOf(error, payload?.errors)
    if (refusal !== null) return tell(refusal)
    if (payload?.testUrl && payload.until)
      setListening({ nodeId, testUrl: payload.testUrl, until: payload.until })
  }
  return { listening, listen, stopListening: () => setListening(null) }
}
