import type { Client, CombinedError } from 'urql'
import { isOffline, refusalOf } from '@/api/rejections'
import { readFragment } from '@/gql/fragment-masking'
import type { EditWorkflowMutation, GraphView_GraphFragment, UndoEditMutation } from '@/gql/graphql'
import { EditMutation, EditorQuery, GraphFragment, RedoMutation, UndoMutation } from './documents'
import type { Draft, EditTransport, Outcome, UndoOutcome } from './model/EditSession'
import type { Graph } from './model/graph'

/** The graph as the model holds it: what is taken from it into an edit must not carry the names of GraphQL's types. */
export function graphOf({ nodes, edges, settings, pinnedData }: GraphView_GraphFragment): Graph {
  return {
    nodes: nodes.map((node) => ({
      ...bare(node),
      position: bare(node.position),
      retry: node.retry && bare(node.retry),
    })),
    edges: edges.map(({ from, to }) => ({ from: bare(from), to: bare(to) })),
    settings,
    pinnedData,
  } as Graph
}

function bare<Found extends object>(found: Found): Found {
  const { __typename: _, ...fields } = found as Found & { __typename?: string }
  return fields as Found
}

type FoundDraft = NonNullable<NonNullable<UndoEditMutation['undoEdit']['workflow']>['draft']>

export function draftOf({ version, canUndo, canRedo, graph }: FoundDraft): Draft {
  return { version, canUndo, canRedo, graph: graphOf(readFragment(GraphFragment, graph)) }
}

/** Speaks for one workflow with the server. */
export function editTransport(client: Client, workflowId: string): EditTransport {
  const input = { workflowId }
  const undo = async () => {
    const { data, error } = await client.mutation(UndoMutation, { input }).toPromise()
    return undone(data?.undoEdit, error)
  }
  const redo = async () => {
    const { data, error } = await client.mutation(RedoMutation, { input }).toPromise()
    return undone(data?.redoEdit, error)
  }
  const undone = (
    payload: UndoEditMutation['undoEdit'] | undefined,
    error: CombinedError | undefined,
  ): UndoOutcome => {
    if (isOffline(error)) return { type: 'offline' }
    const refusal = refusalOf(error, payload?.errors)
    if (refusal || !payload?.workflow) return { type: 'refused', message: refusal ?? '' }
    return { type: 'done', draft: draftOf(payload.workflow.draft) }
  }
  return {
    edit: async ({ seen, groupId, edits }) => {
      const input = { workflowId, seen, groupId, edits: [...edits] }
      const { data, error } = await client.mutation(EditMutation, { input }).toPromise()
      if (isOffline(error)) return { type: 'offline' }
      return outcomeOf(data, refusalOf(error, data?.editWorkflow.errors))
    },
    undo,
    redo,
    load: async (atLeast) => {
      const { data } = await client
        .query(EditorQuery, { id: workflowId, atLeast }, { requestPolicy: 'network-only' })
        .toPromise()
      return data?.workflow ? draftOf(data.workflow.draft) : null
    },
    pause: () => new Promise((resolve) => setTimeout(resolve, 2000)),
    newId: () => crypto.randomUUID(),
  }
}

function outcomeOf(data: EditWorkflowMutation | undefined, refusal: string | null): Outcome {
  const payload = data?.editWorkflow
  const [problem] = payload?.errors ?? []
  if (problem?.__typename === 'EditConflict') {
    return { type: 'conflict', message: refusal ?? problem.message, nodeId: problem.nodeId ?? null }
  }
  if (refusal !== null || payload?.version == null) return { type: 'refused', message: refusal ?? '' }
  const draft = payload.workflow?.draft
  return {
    type: 'kept',
    version: payload.version,
    position: payload.position ?? null,
    canUndo: draft?.canUndo ?? true,
    canRedo: draft?.canRedo ?? false,
  }
}
