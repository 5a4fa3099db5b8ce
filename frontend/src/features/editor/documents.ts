import { graphql } from '@/gql/gql'

/** What the editor asks and tells; the page and its hooks use these. */

export const GraphFragment = graphql(`
  fragment GraphView_graph on Graph {
    nodes {
      id name kind kindVersion position { x y } parameters disabled notes onError retry { maxAttempts waitMs }
      alwaysOutputData executeOnce timeoutSeconds
    }
    edges { from { nodeId port } to { nodeId port } }
    settings
    pinnedData
  }
`)

export const EditorQuery = graphql(`
  query Editor($id: ID!, $atLeast: Position) {
    workflow(id: $id, atLeast: $atLeast) {
      id name state publishedVersion hasUnpublishedChanges
      draft { version canUndo canRedo graph { ...GraphView_graph } }
      lastExecution { id }
    }
  }
`)

export const ConvertQuery = graphql(`
  query ConvertWorkflow($text: String!) {
    convertWorkflow(text: $text) {
      graph { ...GraphView_graph }
      report { node outcome message }
      errors { message code }
    }
  }
`)

export const WebhooksQuery = graphql(`
  query Webhooks($id: ID!, $atLeast: Position) {
    workflow(id: $id, atLeast: $atLeast) { id webhooks { nodeId method testUrl productionUrl } }
  }
`)

export const ProblemsQuery = graphql(`
  query Problems($id: ID!) {
    workflow(id: $id) {
      id state publishedVersion hasUnpublishedChanges
      draft { version }
      published { number publishedAt publishedBy { id name } graph { ...GraphView_graph } }
      problems { severity code message nodeId nodeName field line column hint }
    }
  }
`)

export const EditMutation = graphql(`
  mutation EditWorkflow($input: EditWorkflowInput!) {
    editWorkflow(input: $input) {
      version
      position
      workflow { id name draft { canUndo canRedo } }
      errors { __typename message code field ... on EditConflict { nodeId currentVersion } }
    }
  }
`)

export const UndoMutation = graphql(`
  mutation UndoEdit($input: UndoEditInput!) {
    undoEdit(input: $input) {
      version
      workflow { id name draft { version canUndo canRedo graph { ...GraphView_graph } } }
      errors { message code }
    }
  }
`)

export const RedoMutation = graphql(`
  mutation RedoEdit($input: UndoEditInput!) {
    redoEdit(input: $input) {
      version
      workflow { id name draft { version canUndo canRedo graph { ...GraphView_graph } } }
      errors { message code }
    }
  }
`)

export const WorkflowChanges = graphql(`
  subscription WorkflowChanges($workflowId: ID!, $after: Position) {
    workflowChanges(workflowId: $workflowId, after: $after) { position type version groupId actor { id name } }
  }
`)

export const PublishMutation = graphql(`
  mutation PublishWorkflow($input: PublishWorkflowInput!) {
    publishWorkflow(input: $input) {
      workflow { id state publishedVersion hasUnpublishedChanges }
      errors { __typename message code ... on PublishRefused { problems { severity code message nodeId nodeName field line column hint } } }
    }
  }
`)

export const ExecuteMutation = graphql(`
  mutation ExecuteWorkflow($input: ExecuteWorkflowInput!) {
    executeWorkflow(input: $input) {
      execution { id position }
      errors { __typename message code ... on Overloaded { retryAfterMs } }
    }
  }
`)

export const ExecutedQuery = graphql(`
  query Executed($id: ID!, $atLeast: Position) {
    execution(id: $id, atLeast: $atLeast) { id triggerNode graph { ...GraphView_graph } }
  }
`)

export const ListenMutation = graphql(`
  mutation ListenForWebhook($input: ListenForWebhookInput!) {
    listenForWebhook(input: $input) { testUrl until errors { message code } }
  }
`)

export const PreviewQuery = graphql(`
  query PreviewExpression($input: PreviewExpressionInput!) {
    previewExpression(input: $input) { value isUndefined undefinedBlocks { source } error { code message hint line column } }
  }
`)
