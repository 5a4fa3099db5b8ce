/* eslint-disable */
import * as types from './graphql';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query Catalogue {\n    nodeKinds {\n      kind version label description group icon color subtitle isTrigger documentation\n      inputs { name label }\n      outputs { name label }\n      parameters { ...Descriptor_parameter fields { ...Descriptor_parameter fields { ...Descriptor_parameter } } }\n    }\n  }\n": typeof types.CatalogueDocument,
    "\n  fragment Descriptor_parameter on ParameterDescriptor {\n    name label type description default required acceptsExpression placeholder multiple language min max rows\n    options { value label description }\n    credentialTypes\n    showWhen { parameter values }\n  }\n": typeof types.Descriptor_ParameterFragmentDoc,
    "\n  query StepItems($executionId: ID!, $nodeId: ID!, $stepId: ID, $port: Int!, $first: Int!, $after: Int, $input: Boolean!, $output: Boolean!) {\n    execution(id: $executionId) {\n      id\n      steps(nodeId: $nodeId, stepId: $stepId, last: 1) {\n        id iteration attempt inputCounts outputCounts\n        input(port: $port, first: $first, after: $after) @include(if: $input) {\n          totalCount hasNextPage items { index json binary pairedItem }\n        }\n        output(port: $port, first: $first, after: $after) @include(if: $output) {\n          totalCount hasNextPage items { index json binary pairedItem }\n        }\n      }\n    }\n  }\n": typeof types.StepItemsDocument,
    "\n  mutation CancelExecution($input: ExecutionInput!) {\n    cancelExecution(input: $input) { execution { id status } errors { message code } }\n  }\n": typeof types.CancelExecutionDocument,
    "\n  fragment FeedExecution_execution on Execution {\n    id status mode queuedAt startedAt finishedAt durationMs itemCount workflowName triggerNode triggerKind versionLabel\n    workflow { id }\n  }\n": typeof types.FeedExecution_ExecutionFragmentDoc,
    "\n  subscription ExecutionFeed($after: Position, $workflowId: ID) {\n    executionFeed(after: $after, workflowId: $workflowId) { position execution { id ...FeedExecution_execution } }\n  }\n": typeof types.ExecutionFeedDocument,
    "\n  subscription ExecutionEvents($executionId: ID!, $after: Position) {\n    executionEvents(executionId: $executionId, after: $after) {\n      position at type executionId nodeId iteration attempt status outputCounts data\n    }\n  }\n": typeof types.ExecutionEventsDocument,
    "\n  mutation UpdateCredential($input: UpdateCredentialInput!) {\n    updateCredential(input: $input) { credential { id } errors { message code field } }\n  }\n": typeof types.UpdateCredentialDocument,
    "\n  mutation CreateCredential($input: CreateCredentialInput!) {\n    createCredential(input: $input) { credential { id reference } errors { message code field } }\n  }\n": typeof types.CreateCredentialDocument,
    "\n  fragment CredentialTable_credential on Credential {\n    id name type version changedAt usedAt testOutcome testedAt\n    fields { name value isSet }\n  }\n": typeof types.CredentialTable_CredentialFragmentDoc,
    "\n  mutation DeleteCredential($input: DeleteCredentialInput!) { deleteCredential(input: $input) { errors { message code } } }\n": typeof types.DeleteCredentialDocument,
    "\n  query Credentials($first: Int, $after: String, $last: Int, $before: String, $type: String) {\n    credentials(first: $first, after: $after, last: $last, before: $before, type: $type) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      nodes { id ...CredentialTable_credential }\n    }\n  }\n": typeof types.CredentialsDocument,
    "\n  mutation TestCredential($input: TestCredentialInput!) {\n    testCredential(input: $input) { outcome code message errors { message code field } }\n  }\n": typeof types.TestCredentialDocument,
    "\n  query CredentialTypes {\n    credentialTypes {\n      kind label description trial\n      fields { name label description secret required rows default placeholder options { value label } }\n    }\n  }\n": typeof types.CredentialTypesDocument,
    "\n  query WorkflowState($id: ID!) {\n    workflow(id: $id) { id name state publishedVersion hasUnpublishedChanges }\n  }\n": typeof types.WorkflowStateDocument,
    "\n  fragment GraphView_graph on Graph {\n    nodes {\n      id name kind kindVersion position { x y } parameters disabled notes onError retry { maxAttempts waitMs }\n      alwaysOutputData executeOnce timeoutSeconds\n    }\n    edges { from { nodeId port } to { nodeId port } }\n    settings\n    pinnedData\n  }\n": typeof types.GraphView_GraphFragmentDoc,
    "\n  query Editor($id: ID!, $atLeast: Position) {\n    workflow(id: $id, atLeast: $atLeast) {\n      id name state publishedVersion hasUnpublishedChanges\n      draft { version canUndo canRedo graph { ...GraphView_graph } }\n      lastExecution { id }\n    }\n  }\n": typeof types.EditorDocument,
    "\n  query ConvertWorkflow($text: String!) {\n    convertWorkflow(text: $text) {\n      graph { ...GraphView_graph }\n      report { node outcome message }\n      errors { message code }\n    }\n  }\n": typeof types.ConvertWorkflowDocument,
    "\n  query Webhooks($id: ID!, $atLeast: Position) {\n    workflow(id: $id, atLeast: $atLeast) { id webhooks { nodeId method testUrl productionUrl } }\n  }\n": typeof types.WebhooksDocument,
    "\n  query Problems($id: ID!) {\n    workflow(id: $id) {\n      id state publishedVersion hasUnpublishedChanges\n      draft { version }\n      published { number publishedAt publishedBy { id name } graph { ...GraphView_graph } }\n      problems { severity code message nodeId nodeName field line column hint }\n    }\n  }\n": typeof types.ProblemsDocument,
    "\n  mutation EditWorkflow($input: EditWorkflowInput!) {\n    editWorkflow(input: $input) {\n      version\n      position\n      workflow { id name draft { canUndo canRedo } }\n      errors { __typename message code field ... on EditConflict { nodeId currentVersion } }\n    }\n  }\n": typeof types.EditWorkflowDocument,
    "\n  mutation UndoEdit($input: UndoEditInput!) {\n    undoEdit(input: $input) {\n      version\n      workflow { id name draft { version canUndo canRedo graph { ...GraphView_graph } } }\n      errors { message code }\n    }\n  }\n": typeof types.UndoEditDocument,
    "\n  mutation RedoEdit($input: UndoEditInput!) {\n    redoEdit(input: $input) {\n      version\n      workflow { id name draft { version canUndo canRedo graph { ...GraphView_graph } } }\n      errors { message code }\n    }\n  }\n": typeof types.RedoEditDocument,
    "\n  subscription WorkflowChanges($workflowId: ID!, $after: Position) {\n    workflowChanges(workflowId: $workflowId, after: $after) { position type version groupId actor { id name } }\n  }\n": typeof types.WorkflowChangesDocument,
    "\n  mutation PublishWorkflow($input: PublishWorkflowInput!) {\n    publishWorkflow(input: $input) {\n      workflow { id state publishedVersion hasUnpublishedChanges }\n      errors { __typename message code ... on PublishRefused { problems { severity code message nodeId nodeName field line column hint } } }\n    }\n  }\n": typeof types.PublishWorkflowDocument,
    "\n  mutation ExecuteWorkflow($input: ExecuteWorkflowInput!) {\n    executeWorkflow(input: $input) {\n      execution { id position }\n      errors { __typename message code ... on Overloaded { retryAfterMs } }\n    }\n  }\n": typeof types.ExecuteWorkflowDocument,
    "\n  query Executed($id: ID!, $atLeast: Position) {\n    execution(id: $id, atLeast: $atLeast) { id triggerNode graph { ...GraphView_graph } }\n  }\n": typeof types.ExecutedDocument,
    "\n  mutation ListenForWebhook($input: ListenForWebhookInput!) {\n    listenForWebhook(input: $input) { testUrl until errors { message code } }\n  }\n": typeof types.ListenForWebhookDocument,
    "\n  query PreviewExpression($input: PreviewExpressionInput!) {\n    previewExpression(input: $input) { value isUndefined undefinedBlocks { source } error { code message hint line column } }\n  }\n": typeof types.PreviewExpressionDocument,
    "\n  query ExecutionLog($id: ID!) {\n    execution(id: $id) { id steps(first: 1000) { id nodeId log { level text } } }\n  }\n": typeof types.ExecutionLogDocument,
    "\n  query ExpressionEntries {\n    expressionEntries { receiver name signature returns isFunction description example result }\n  }\n": typeof types.ExpressionEntriesDocument,
    "\n  query CredentialsToChoose {\n    credentials(first: 100) { nodes { id reference name type } }\n  }\n": typeof types.CredentialsToChooseDocument,
    "\n  fragment Calls_execution on Execution {\n    calls(first: 50) {\n      nodeId itemIndex\n      called { id workflowName status }\n    }\n  }\n": typeof types.Calls_ExecutionFragmentDoc,
    "\n  query TriggerCall($executionId: ID!, $nodeId: ID!) {\n    execution(id: $executionId) {\n      id\n      graph { nodes { id parameters } }\n      steps(nodeId: $nodeId, first: 1) { id output(first: 1) { items { index json } } }\n    }\n  }\n": typeof types.TriggerCallDocument,
    "\n  fragment ErrorCard_execution on Execution {\n    workflow { id }\n    error { ...ErrorText_error }\n  }\n": typeof types.ErrorCard_ExecutionFragmentDoc,
    "\n  fragment ErrorText_error on ExecutionError { message nodeId nodeName itemIndex code description causes }\n": typeof types.ErrorText_ErrorFragmentDoc,
    "\n  query Execution($id: ID!, $atLeast: Position) {\n    execution(id: $id, atLeast: $atLeast) {\n      id workflowName status position\n      workflow { id }\n      graph { nodes { id name } ...GraphView_graph }\n      error { nodeId }\n      ...ExecutionFacts_execution\n      ...ErrorCard_execution\n      ...Calls_execution\n      steps(first: 500) {\n        id nodeId iteration attempt status outputCounts startedAt finishedAt durationMs\n        error { message code }\n        ...StepPanel_step\n      }\n    }\n  }\n": typeof types.ExecutionDocument,
    "\n  fragment ExecutionRow_execution on Execution {\n    id workflowName status mode versionLabel triggerKind queuedAt startedAt finishedAt durationMs itemCount\n  }\n": typeof types.ExecutionRow_ExecutionFragmentDoc,
    "\n  query Executions($first: Int, $after: String, $last: Int, $before: String, $filter: ExecutionFilter) {\n    executions(first: $first, after: $after, last: $last, before: $before, filter: $filter) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      nodes { id workflow { id } ...ExecutionRow_execution }\n    }\n  }\n": typeof types.ExecutionsDocument,
    "\n  fragment ExecutionFacts_execution on Execution {\n    id mode versionLabel triggerNode triggerKind queuedAt startedAt finishedAt durationMs\n    workflow { id }\n    caller { caller { id workflowName } }\n  }\n": typeof types.ExecutionFacts_ExecutionFragmentDoc,
    "\n  mutation RetryExecution($input: ExecutionInput!) {\n    retryExecution(input: $input) { execution { id position } errors { message code } }\n  }\n": typeof types.RetryExecutionDocument,
    "\n  fragment StepPanel_step on Step {\n    id nodeId nodeName iteration attempt status inputCounts outputCounts\n    ...Waiting_step\n    error { message ...ErrorText_error }\n    log { level text }\n  }\n": typeof types.StepPanel_StepFragmentDoc,
    "\n  fragment Waiting_step on Step {\n    status until waitsFor\n    awaitedExecution { id workflowName }\n  }\n": typeof types.Waiting_StepFragmentDoc,
    "\n  mutation AddMember($input: AddMemberInput!) { addMember(input: $input) { member { id } errors { message code field } } }\n": typeof types.AddMemberDocument,
    "\n  query Audit($first: Int, $after: String, $last: Int, $before: String) {\n    auditLog(first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      nodes { id ...AuditRow_entry }\n    }\n  }\n": typeof types.AuditDocument,
    "\n  fragment AuditRow_entry on AuditEntry { id at actor actorKind action subject detail }\n": typeof types.AuditRow_EntryFragmentDoc,
    "\n  mutation ChangeBranding($input: ChangeBrandingInput!) {\n    changeBranding(input: $input) { tenant { id branding { productName accentColor logoUrl } } errors { message code } }\n  }\n": typeof types.ChangeBrandingDocument,
    "\n  mutation SetVariable($input: SetVariableInput!) { setVariable(input: $input) { variable { id } errors { message code } } }\n": typeof types.SetVariableDocument,
    "\n  query ErrorWorkflow { tenant { id errorWorkflow } }\n": typeof types.ErrorWorkflowDocument,
    "\n  mutation ChooseErrorWorkflow($input: ChooseErrorWorkflowInput!) {\n    chooseErrorWorkflow(input: $input) { tenant { id errorWorkflow } errors { message code } }\n  }\n": typeof types.ChooseErrorWorkflowDocument,
    "\n  mutation ImportVariables($input: ImportVariablesInput!) {\n    importVariables(input: $input) { variables { id } unchanged errors { message code } }\n  }\n": typeof types.ImportVariablesDocument,
    "\n  query Limits { tenant { id executionsAtOnce } }\n": typeof types.LimitsDocument,
    "\n  mutation LimitExecutions($input: LimitExecutionsInput!) {\n    limitExecutions(input: $input) { tenant { id executionsAtOnce } errors { message code } }\n  }\n": typeof types.LimitExecutionsDocument,
    "\n  fragment MemberTable_member on Member { id name email role joinedAt }\n": typeof types.MemberTable_MemberFragmentDoc,
    "\n  mutation ChangeMemberRole($input: ChangeMemberRoleInput!) {\n    changeMemberRole(input: $input) { member { id role } errors { message code } }\n  }\n": typeof types.ChangeMemberRoleDocument,
    "\n  mutation RemoveMember($input: RemoveMemberInput!) { removeMember(input: $input) { errors { message code } } }\n": typeof types.RemoveMemberDocument,
    "\n  query Members { members(first: 100) { nodes { id ...MemberTable_member } } }\n": typeof types.MembersDocument,
    "\n  fragment VariableTable_variable on Variable { id name value changedAt }\n": typeof types.VariableTable_VariableFragmentDoc,
    "\n  mutation DeleteVariable($input: DeleteVariableInput!) { deleteVariable(input: $input) { errors { message code } } }\n": typeof types.DeleteVariableDocument,
    "\n  query Variables($first: Int, $after: String, $last: Int, $before: String) {\n    variables(first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      nodes { id ...VariableTable_variable }\n    }\n  }\n": typeof types.VariablesDocument,
    "\n  query Usage($from: Date!, $to: Date!) {\n    usage(from: $from, to: $to) { date executions steps codeMs }\n  }\n": typeof types.UsageDocument,
    "\n  mutation ArchiveWorkflow($input: WorkflowInput!) {\n    archiveWorkflow(input: $input) { workflow { id state } errors { message code } }\n  }\n": typeof types.ArchiveWorkflowDocument,
    "\n  mutation CreateWorkflow($input: CreateWorkflowInput!) {\n    createWorkflow(input: $input) { workflow { id } errors { message code field } }\n  }\n": typeof types.CreateWorkflowDocument,
    "\n  mutation ImportWorkflow($input: ImportWorkflowInput!) {\n    importWorkflow(input: $input) {\n      imported { workflow { id name } report { node outcome message } }\n      errors { message code field }\n    }\n  }\n": typeof types.ImportWorkflowDocument,
    "\n  fragment WorkflowRow_workflow on Workflow {\n    id name state publishedVersion hasUnpublishedChanges triggerKinds changedAt\n    owner { id name }\n    lastExecution { id status queuedAt startedAt }\n    statistics(days: 7) { succeeded failed total }\n  }\n": typeof types.WorkflowRow_WorkflowFragmentDoc,
    "\n  query Workflows($first: Int, $after: String, $last: Int, $before: String, $filter: WorkflowFilter, $orderBy: WorkflowOrder) {\n    workflows(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      nodes { id ...WorkflowRow_workflow }\n    }\n  }\n": typeof types.WorkflowsDocument,
    "\n  query WorkflowFile($id: ID!) {\n    workflow(id: $id) { id file }\n  }\n": typeof types.WorkflowFileDocument,
    "\n  mutation DeactivateWorkflow($input: WorkflowInput!) {\n    deactivateWorkflow(input: $input) { workflow { id state } errors { message code } }\n  }\n": typeof types.DeactivateWorkflowDocument,
    "\n  mutation ActivateWorkflow($input: WorkflowInput!) {\n    activateWorkflow(input: $input) { workflow { id state } errors { message code } }\n  }\n": typeof types.ActivateWorkflowDocument,
    "\n  query Viewer {\n    viewer { permissions member { id name email role } }\n    tenant { id slug name branding { productName accentColor logoUrl } }\n  }\n": typeof types.ViewerDocument,
    "\n  query WorkflowsToChoose($filter: WorkflowFilter) {\n    workflows(first: 100, filter: $filter) { nodes { id reference name } }\n  }\n": typeof types.WorkflowsToChooseDocument,
};
const documents: Documents = {
    "\n  query Catalogue {\n    nodeKinds {\n      kind version label description group icon color subtitle isTrigger documentation\n      inputs { name label }\n      outputs { name label }\n      parameters { ...Descriptor_parameter fields { ...Descriptor_parameter fields { ...Descriptor_parameter } } }\n    }\n  }\n": types.CatalogueDocument,
    "\n  fragment Descriptor_parameter on ParameterDescriptor {\n    name label type description default required acceptsExpression placeholder multiple language min max rows\n    options { value label description }\n    credentialTypes\n    showWhen { parameter values }\n  }\n": types.Descriptor_ParameterFragmentDoc,
    "\n  query StepItems($executionId: ID!, $nodeId: ID!, $stepId: ID, $port: Int!, $first: Int!, $after: Int, $input: Boolean!, $output: Boolean!) {\n    execution(id: $executionId) {\n      id\n      steps(nodeId: $nodeId, stepId: $stepId, last: 1) {\n        id iteration attempt inputCounts outputCounts\n        input(port: $port, first: $first, after: $after) @include(if: $input) {\n          totalCount hasNextPage items { index json binary pairedItem }\n        }\n        output(port: $port, first: $first, after: $after) @include(if: $output) {\n          totalCount hasNextPage items { index json binary pairedItem }\n        }\n      }\n    }\n  }\n": types.StepItemsDocument,
    "\n  mutation CancelExecution($input: ExecutionInput!) {\n    cancelExecution(input: $input) { execution { id status } errors { message code } }\n  }\n": types.CancelExecutionDocument,
    "\n  fragment FeedExecution_execution on Execution {\n    id status mode queuedAt startedAt finishedAt durationMs itemCount workflowName triggerNode triggerKind versionLabel\n    workflow { id }\n  }\n": types.FeedExecution_ExecutionFragmentDoc,
    "\n  subscription ExecutionFeed($after: Position, $workflowId: ID) {\n    executionFeed(after: $after, workflowId: $workflowId) { position execution { id ...FeedExecution_execution } }\n  }\n": types.ExecutionFeedDocument,
    "\n  subscription ExecutionEvents($executionId: ID!, $after: Position) {\n    executionEvents(executionId: $executionId, after: $after) {\n      position at type executionId nodeId iteration attempt status outputCounts data\n    }\n  }\n": types.ExecutionEventsDocument,
    "\n  mutation UpdateCredential($input: UpdateCredentialInput!) {\n    updateCredential(input: $input) { credential { id } errors { message code field } }\n  }\n": types.UpdateCredentialDocument,
    "\n  mutation CreateCredential($input: CreateCredentialInput!) {\n    createCredential(input: $input) { credential { id reference } errors { message code field } }\n  }\n": types.CreateCredentialDocument,
    "\n  fragment CredentialTable_credential on Credential {\n    id name type version changedAt usedAt testOutcome testedAt\n    fields { name value isSet }\n  }\n": types.CredentialTable_CredentialFragmentDoc,
    "\n  mutation DeleteCredential($input: DeleteCredentialInput!) { deleteCredential(input: $input) { errors { message code } } }\n": types.DeleteCredentialDocument,
    "\n  query Credentials($first: Int, $after: String, $last: Int, $before: String, $type: String) {\n    credentials(first: $first, after: $after, last: $last, before: $before, type: $type) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      nodes { id ...CredentialTable_credential }\n    }\n  }\n": types.CredentialsDocument,
    "\n  mutation TestCredential($input: TestCredentialInput!) {\n    testCredential(input: $input) { outcome code message errors { message code field } }\n  }\n": types.TestCredentialDocument,
    "\n  query CredentialTypes {\n    credentialTypes {\n      kind label description trial\n      fields { name label description secret required rows default placeholder options { value label } }\n    }\n  }\n": types.CredentialTypesDocument,
    "\n  query WorkflowState($id: ID!) {\n    workflow(id: $id) { id name state publishedVersion hasUnpublishedChanges }\n  }\n": types.WorkflowStateDocument,
    "\n  fragment GraphView_graph on Graph {\n    nodes {\n      id name kind kindVersion position { x y } parameters disabled notes onError retry { maxAttempts waitMs }\n      alwaysOutputData executeOnce timeoutSeconds\n    }\n    edges { from { nodeId port } to { nodeId port } }\n    settings\n    pinnedData\n  }\n": types.GraphView_GraphFragmentDoc,
    "\n  query Editor($id: ID!, $atLeast: Position) {\n    workflow(id: $id, atLeast: $atLeast) {\n      id name state publishedVersion hasUnpublishedChanges\n      draft { version canUndo canRedo graph { ...GraphView_graph } }\n      lastExecution { id }\n    }\n  }\n": types.EditorDocument,
    "\n  query ConvertWorkflow($text: String!) {\n    convertWorkflow(text: $text) {\n      graph { ...GraphView_graph }\n      report { node outcome message }\n      errors { message code }\n    }\n  }\n": types.ConvertWorkflowDocument,
    "\n  query Webhooks($id: ID!, $atLeast: Position) {\n    workflow(id: $id, atLeast: $atLeast) { id webhooks { nodeId method testUrl productionUrl } }\n  }\n": types.WebhooksDocument,
    "\n  query Problems($id: ID!) {\n    workflow(id: $id) {\n      id state publishedVersion hasUnpublishedChanges\n      draft { version }\n      published { number publishedAt publishedBy { id name } graph { ...GraphView_graph } }\n      problems { severity code message nodeId nodeName field line column hint }\n    }\n  }\n": types.ProblemsDocument,
    "\n  mutation EditWorkflow($input: EditWorkflowInput!) {\n    editWorkflow(input: $input) {\n      version\n      position\n      workflow { id name draft { canUndo canRedo } }\n      errors { __typename message code field ... on EditConflict { nodeId currentVersion } }\n    }\n  }\n": types.EditWorkflowDocument,
    "\n  mutation UndoEdit($input: UndoEditInput!) {\n    undoEdit(input: $input) {\n      version\n      workflow { id name draft { version canUndo canRedo graph { ...GraphView_graph } } }\n      errors { message code }\n    }\n  }\n": types.UndoEditDocument,
    "\n  mutation RedoEdit($input: UndoEditInput!) {\n    redoEdit(input: $input) {\n      version\n      workflow { id name draft { version canUndo canRedo graph { ...GraphView_graph } } }\n      errors { message code }\n    }\n  }\n": types.RedoEditDocument,
    "\n  subscription WorkflowChanges($workflowId: ID!, $after: Position) {\n    workflowChanges(workflowId: $workflowId, after: $after) { position type version groupId actor { id name } }\n  }\n": types.WorkflowChangesDocument,
    "\n  mutation PublishWorkflow($input: PublishWorkflowInput!) {\n    publishWorkflow(input: $input) {\n      workflow { id state publishedVersion hasUnpublishedChanges }\n      errors { __typename message code ... on PublishRefused { problems { severity code message nodeId nodeName field line column hint } } }\n    }\n  }\n": types.PublishWorkflowDocument,
    "\n  mutation ExecuteWorkflow($input: ExecuteWorkflowInput!) {\n    executeWorkflow(input: $input) {\n      execution { id position }\n      errors { __typename message code ... on Overloaded { retryAfterMs } }\n    }\n  }\n": types.ExecuteWorkflowDocument,
    "\n  query Executed($id: ID!, $atLeast: Position) {\n    execution(id: $id, atLeast: $atLeast) { id triggerNode graph { ...GraphView_graph } }\n  }\n": types.ExecutedDocument,
    "\n  mutation ListenForWebhook($input: ListenForWebhookInput!) {\n    listenForWebhook(input: $input) { testUrl until errors { message code } }\n  }\n": types.ListenForWebhookDocument,
    "\n  query PreviewExpression($input: PreviewExpressionInput!) {\n    previewExpression(input: $input) { value isUndefined undefinedBlocks { source } error { code message hint line column } }\n  }\n": types.PreviewExpressionDocument,
    "\n  query ExecutionLog($id: ID!) {\n    execution(id: $id) { id steps(first: 1000) { id nodeId log { level text } } }\n  }\n": types.ExecutionLogDocument,
    "\n  query ExpressionEntries {\n    expressionEntries { receiver name signature returns isFunction description example result }\n  }\n": types.ExpressionEntriesDocument,
    "\n  query CredentialsToChoose {\n    credentials(first: 100) { nodes { id reference name type } }\n  }\n": types.CredentialsToChooseDocument,
    "\n  fragment Calls_execution on Execution {\n    calls(first: 50) {\n      nodeId itemIndex\n      called { id workflowName status }\n    }\n  }\n": types.Calls_ExecutionFragmentDoc,
    "\n  query TriggerCall($executionId: ID!, $nodeId: ID!) {\n    execution(id: $executionId) {\n      id\n      graph { nodes { id parameters } }\n      steps(nodeId: $nodeId, first: 1) { id output(first: 1) { items { index json } } }\n    }\n  }\n": types.TriggerCallDocument,
    "\n  fragment ErrorCard_execution on Execution {\n    workflow { id }\n    error { ...ErrorText_error }\n  }\n": types.ErrorCard_ExecutionFragmentDoc,
    "\n  fragment ErrorText_error on ExecutionError { message nodeId nodeName itemIndex code description causes }\n": types.ErrorText_ErrorFragmentDoc,
    "\n  query Execution($id: ID!, $atLeast: Position) {\n    execution(id: $id, atLeast: $atLeast) {\n      id workflowName status position\n      workflow { id }\n      graph { nodes { id name } ...GraphView_graph }\n      error { nodeId }\n      ...ExecutionFacts_execution\n      ...ErrorCard_execution\n      ...Calls_execution\n      steps(first: 500) {\n        id nodeId iteration attempt status outputCounts startedAt finishedAt durationMs\n        error { message code }\n        ...StepPanel_step\n      }\n    }\n  }\n": types.ExecutionDocument,
    "\n  fragment ExecutionRow_execution on Execution {\n    id workflowName status mode versionLabel triggerKind queuedAt startedAt finishedAt durationMs itemCount\n  }\n": types.ExecutionRow_ExecutionFragmentDoc,
    "\n  query Executions($first: Int, $after: String, $last: Int, $before: String, $filter: ExecutionFilter) {\n    executions(first: $first, after: $after, last: $last, before: $before, filter: $filter) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      nodes { id workflow { id } ...ExecutionRow_execution }\n    }\n  }\n": types.ExecutionsDocument,
    "\n  fragment ExecutionFacts_execution on Execution {\n    id mode versionLabel triggerNode triggerKind queuedAt startedAt finishedAt durationMs\n    workflow { id }\n    caller { caller { id workflowName } }\n  }\n": types.ExecutionFacts_ExecutionFragmentDoc,
    "\n  mutation RetryExecution($input: ExecutionInput!) {\n    retryExecution(input: $input) { execution { id position } errors { message code } }\n  }\n": types.RetryExecutionDocument,
    "\n  fragment StepPanel_step on Step {\n    id nodeId nodeName iteration attempt status inputCounts outputCounts\n    ...Waiting_step\n    error { message ...ErrorText_error }\n    log { level text }\n  }\n": types.StepPanel_StepFragmentDoc,
    "\n  fragment Waiting_step on Step {\n    status until waitsFor\n    awaitedExecution { id workflowName }\n  }\n": types.Waiting_StepFragmentDoc,
    "\n  mutation AddMember($input: AddMemberInput!) { addMember(input: $input) { member { id } errors { message code field } } }\n": types.AddMemberDocument,
    "\n  query Audit($first: Int, $after: String, $last: Int, $before: String) {\n    auditLog(first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      nodes { id ...AuditRow_entry }\n    }\n  }\n": types.AuditDocument,
    "\n  fragment AuditRow_entry on AuditEntry { id at actor actorKind action subject detail }\n": types.AuditRow_EntryFragmentDoc,
    "\n  mutation ChangeBranding($input: ChangeBrandingInput!) {\n    changeBranding(input: $input) { tenant { id branding { productName accentColor logoUrl } } errors { message code } }\n  }\n": types.ChangeBrandingDocument,
    "\n  mutation SetVariable($input: SetVariableInput!) { setVariable(input: $input) { variable { id } errors { message code } } }\n": types.SetVariableDocument,
    "\n  query ErrorWorkflow { tenant { id errorWorkflow } }\n": types.ErrorWorkflowDocument,
    "\n  mutation ChooseErrorWorkflow($input: ChooseErrorWorkflowInput!) {\n    chooseErrorWorkflow(input: $input) { tenant { id errorWorkflow } errors { message code } }\n  }\n": types.ChooseErrorWorkflowDocument,
    "\n  mutation ImportVariables($input: ImportVariablesInput!) {\n    importVariables(input: $input) { variables { id } unchanged errors { message code } }\n  }\n": types.ImportVariablesDocument,
    "\n  query Limits { tenant { id executionsAtOnce } }\n": types.LimitsDocument,
    "\n  mutation LimitExecutions($input: LimitExecutionsInput!) {\n    limitExecutions(input: $input) { tenant { id executionsAtOnce } errors { message code } }\n  }\n": types.LimitExecutionsDocument,
    "\n  fragment MemberTable_member on Member { id name email role joinedAt }\n": types.MemberTable_MemberFragmentDoc,
    "\n  mutation ChangeMemberRole($input: ChangeMemberRoleInput!) {\n    changeMemberRole(input: $input) { member { id role } errors { message code } }\n  }\n": types.ChangeMemberRoleDocument,
    "\n  mutation RemoveMember($input: RemoveMemberInput!) { removeMember(input: $input) { errors { message code } } }\n": types.RemoveMemberDocument,
    "\n  query Members { members(first: 100) { nodes { id ...MemberTable_member } } }\n": types.MembersDocument,
    "\n  fragment VariableTable_variable on Variable { id name value changedAt }\n": types.VariableTable_VariableFragmentDoc,
    "\n  mutation DeleteVariable($input: DeleteVariableInput!) { deleteVariable(input: $input) { errors { message code } } }\n": types.DeleteVariableDocument,
    "\n  query Variables($first: Int, $after: String, $last: Int, $before: String) {\n    variables(first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      nodes { id ...VariableTable_variable }\n    }\n  }\n": types.VariablesDocument,
    "\n  query Usage($from: Date!, $to: Date!) {\n    usage(from: $from, to: $to) { date executions steps codeMs }\n  }\n": types.UsageDocument,
    "\n  mutation ArchiveWorkflow($input: WorkflowInput!) {\n    archiveWorkflow(input: $input) { workflow { id state } errors { message code } }\n  }\n": types.ArchiveWorkflowDocument,
    "\n  mutation CreateWorkflow($input: CreateWorkflowInput!) {\n    createWorkflow(input: $input) { workflow { id } errors { message code field } }\n  }\n": types.CreateWorkflowDocument,
    "\n  mutation ImportWorkflow($input: ImportWorkflowInput!) {\n    importWorkflow(input: $input) {\n      imported { workflow { id name } report { node outcome message } }\n      errors { message code field }\n    }\n  }\n": types.ImportWorkflowDocument,
    "\n  fragment WorkflowRow_workflow on Workflow {\n    id name state publishedVersion hasUnpublishedChanges triggerKinds changedAt\n    owner { id name }\n    lastExecution { id status queuedAt startedAt }\n    statistics(days: 7) { succeeded failed total }\n  }\n": types.WorkflowRow_WorkflowFragmentDoc,
    "\n  query Workflows($first: Int, $after: String, $last: Int, $before: String, $filter: WorkflowFilter, $orderBy: WorkflowOrder) {\n    workflows(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      nodes { id ...WorkflowRow_workflow }\n    }\n  }\n": types.WorkflowsDocument,
    "\n  query WorkflowFile($id: ID!) {\n    workflow(id: $id) { id file }\n  }\n": types.WorkflowFileDocument,
    "\n  mutation DeactivateWorkflow($input: WorkflowInput!) {\n    deactivateWorkflow(input: $input) { workflow { id state } errors { message code } }\n  }\n": types.DeactivateWorkflowDocument,
    "\n  mutation ActivateWorkflow($input: WorkflowInput!) {\n    activateWorkflow(input: $input) { workflow { id state } errors { message code } }\n  }\n": types.ActivateWorkflowDocument,
    "\n  query Viewer {\n    viewer { permissions member { id name email role } }\n    tenant { id slug name branding { productName accentColor logoUrl } }\n  }\n": types.ViewerDocument,
    "\n  query WorkflowsToChoose($filter: WorkflowFilter) {\n    workflows(first: 100, filter: $filter) { nodes { id reference name } }\n  }\n": types.WorkflowsToChooseDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Catalogue {\n    nodeKinds {\n      kind version label description group icon color subtitle isTrigger documentation\n      inputs { name label }\n      outputs { name label }\n      parameters { ...Descriptor_parameter fields { ...Descriptor_parameter fields { ...Descriptor_parameter } } }\n    }\n  }\n"): (typeof documents)["\n  query Catalogue {\n    nodeKinds {\n      kind version label description group icon color subtitle isTrigger documentation\n      inputs { name label }\n      outputs { name label }\n      parameters { ...Descriptor_parameter fields { ...Descriptor_parameter fields { ...Descriptor_parameter } } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Descriptor_parameter on ParameterDescriptor {\n    name label type description default required acceptsExpression placeholder multiple language min max rows\n    options { value label description }\n    credentialTypes\n    showWhen { parameter values }\n  }\n"): (typeof documents)["\n  fragment Descriptor_parameter on ParameterDescriptor {\n    name label type description default required acceptsExpression placeholder multiple language min max rows\n    options { value label description }\n    credentialTypes\n    showWhen { parameter values }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StepItems($executionId: ID!, $nodeId: ID!, $stepId: ID, $port: Int!, $first: Int!, $after: Int, $input: Boolean!, $output: Boolean!) {\n    execution(id: $executionId) {\n      id\n      steps(nodeId: $nodeId, stepId: $stepId, last: 1) {\n        id iteration attempt inputCounts outputCounts\n        input(port: $port, first: $first, after: $after) @include(if: $input) {\n          totalCount hasNextPage items { index json binary pairedItem }\n        }\n        output(port: $port, first: $first, after: $after) @include(if: $output) {\n          totalCount hasNextPage items { index json binary pairedItem }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query StepItems($executionId: ID!, $nodeId: ID!, $stepId: ID, $port: Int!, $first: Int!, $after: Int, $input: Boolean!, $output: Boolean!) {\n    execution(id: $executionId) {\n      id\n      steps(nodeId: $nodeId, stepId: $stepId, last: 1) {\n        id iteration attempt inputCounts outputCounts\n        input(port: $port, first: $first, after: $after) @include(if: $input) {\n          totalCount hasNextPage items { index json binary pairedItem }\n        }\n        output(port: $port, first: $first, after: $after) @include(if: $output) {\n          totalCount hasNextPage items { index json binary pairedItem }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CancelExecution($input: ExecutionInput!) {\n    cancelExecution(input: $input) { execution { id status } errors { message code } }\n  }\n"): (typeof documents)["\n  mutation CancelExecution($input: ExecutionInput!) {\n    cancelExecution(input: $input) { execution { id status } errors { message code } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment FeedExecution_execution on Execution {\n    id status mode queuedAt startedAt finishedAt durationMs itemCount workflowName triggerNode triggerKind versionLabel\n    workflow { id }\n  }\n"): (typeof documents)["\n  fragment FeedExecution_execution on Execution {\n    id status mode queuedAt startedAt finishedAt durationMs itemCount workflowName triggerNode triggerKind versionLabel\n    workflow { id }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription ExecutionFeed($after: Position, $workflowId: ID) {\n    executionFeed(after: $after, workflowId: $workflowId) { position execution { id ...FeedExecution_execution } }\n  }\n"): (typeof documents)["\n  subscription ExecutionFeed($after: Position, $workflowId: ID) {\n    executionFeed(after: $after, workflowId: $workflowId) { position execution { id ...FeedExecution_execution } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription ExecutionEvents($executionId: ID!, $after: Position) {\n    executionEvents(executionId: $executionId, after: $after) {\n      position at type executionId nodeId iteration attempt status outputCounts data\n    }\n  }\n"): (typeof documents)["\n  subscription ExecutionEvents($executionId: ID!, $after: Position) {\n    executionEvents(executionId: $executionId, after: $after) {\n      position at type executionId nodeId iteration attempt status outputCounts data\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateCredential($input: UpdateCredentialInput!) {\n    updateCredential(input: $input) { credential { id } errors { message code field } }\n  }\n"): (typeof documents)["\n  mutation UpdateCredential($input: UpdateCredentialInput!) {\n    updateCredential(input: $input) { credential { id } errors { message code field } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateCredential($input: CreateCredentialInput!) {\n    createCredential(input: $input) { credential { id reference } errors { message code field } }\n  }\n"): (typeof documents)["\n  mutation CreateCredential($input: CreateCredentialInput!) {\n    createCredential(input: $input) { credential { id reference } errors { message code field } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment CredentialTable_credential on Credential {\n    id name type version changedAt usedAt testOutcome testedAt\n    fields { name value isSet }\n  }\n"): (typeof documents)["\n  fragment CredentialTable_credential on Credential {\n    id name type version changedAt usedAt testOutcome testedAt\n    fields { name value isSet }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteCredential($input: DeleteCredentialInput!) { deleteCredential(input: $input) { errors { message code } } }\n"): (typeof documents)["\n  mutation DeleteCredential($input: DeleteCredentialInput!) { deleteCredential(input: $input) { errors { message code } } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Credentials($first: Int, $after: String, $last: Int, $before: String, $type: String) {\n    credentials(first: $first, after: $after, last: $last, before: $before, type: $type) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      nodes { id ...CredentialTable_credential }\n    }\n  }\n"): (typeof documents)["\n  query Credentials($first: Int, $after: String, $last: Int, $before: String, $type: String) {\n    credentials(first: $first, after: $after, last: $last, before: $before, type: $type) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      nodes { id ...CredentialTable_credential }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation TestCredential($input: TestCredentialInput!) {\n    testCredential(input: $input) { outcome code message errors { message code field } }\n  }\n"): (typeof documents)["\n  mutation TestCredential($input: TestCredentialInput!) {\n    testCredential(input: $input) { outcome code message errors { message code field } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CredentialTypes {\n    credentialTypes {\n      kind label description trial\n      fields { name label description secret required rows default placeholder options { value label } }\n    }\n  }\n"): (typeof documents)["\n  query CredentialTypes {\n    credentialTypes {\n      kind label description trial\n      fields { name label description secret required rows default placeholder options { value label } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WorkflowState($id: ID!) {\n    workflow(id: $id) { id name state publishedVersion hasUnpublishedChanges }\n  }\n"): (typeof documents)["\n  query WorkflowState($id: ID!) {\n    workflow(id: $id) { id name state publishedVersion hasUnpublishedChanges }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment GraphView_graph on Graph {\n    nodes {\n      id name kind kindVersion position { x y } parameters disabled notes onError retry { maxAttempts waitMs }\n      alwaysOutputData executeOnce timeoutSeconds\n    }\n    edges { from { nodeId port } to { nodeId port } }\n    settings\n    pinnedData\n  }\n"): (typeof documents)["\n  fragment GraphView_graph on Graph {\n    nodes {\n      id name kind kindVersion position { x y } parameters disabled notes onError retry { maxAttempts waitMs }\n      alwaysOutputData executeOnce timeoutSeconds\n    }\n    edges { from { nodeId port } to { nodeId port } }\n    settings\n    pinnedData\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Editor($id: ID!, $atLeast: Position) {\n    workflow(id: $id, atLeast: $atLeast) {\n      id name state publishedVersion hasUnpublishedChanges\n      draft { version canUndo canRedo graph { ...GraphView_graph } }\n      lastExecution { id }\n    }\n  }\n"): (typeof documents)["\n  query Editor($id: ID!, $atLeast: Position) {\n    workflow(id: $id, atLeast: $atLeast) {\n      id name state publishedVersion hasUnpublishedChanges\n      draft { version canUndo canRedo graph { ...GraphView_graph } }\n      lastExecution { id }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConvertWorkflow($text: String!) {\n    convertWorkflow(text: $text) {\n      graph { ...GraphView_graph }\n      report { node outcome message }\n      errors { message code }\n    }\n  }\n"): (typeof documents)["\n  query ConvertWorkflow($text: String!) {\n    convertWorkflow(text: $text) {\n      graph { ...GraphView_graph }\n      report { node outcome message }\n      errors { message code }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Webhooks($id: ID!, $atLeast: Position) {\n    workflow(id: $id, atLeast: $atLeast) { id webhooks { nodeId method testUrl productionUrl } }\n  }\n"): (typeof documents)["\n  query Webhooks($id: ID!, $atLeast: Position) {\n    workflow(id: $id, atLeast: $atLeast) { id webhooks { nodeId method testUrl productionUrl } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Problems($id: ID!) {\n    workflow(id: $id) {\n      id state publishedVersion hasUnpublishedChanges\n      draft { version }\n      published { number publishedAt publishedBy { id name } graph { ...GraphView_graph } }\n      problems { severity code message nodeId nodeName field line column hint }\n    }\n  }\n"): (typeof documents)["\n  query Problems($id: ID!) {\n    workflow(id: $id) {\n      id state publishedVersion hasUnpublishedChanges\n      draft { version }\n      published { number publishedAt publishedBy { id name } graph { ...GraphView_graph } }\n      problems { severity code message nodeId nodeName field line column hint }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EditWorkflow($input: EditWorkflowInput!) {\n    editWorkflow(input: $input) {\n      version\n      position\n      workflow { id name draft { canUndo canRedo } }\n      errors { __typename message code field ... on EditConflict { nodeId currentVersion } }\n    }\n  }\n"): (typeof documents)["\n  mutation EditWorkflow($input: EditWorkflowInput!) {\n    editWorkflow(input: $input) {\n      version\n      position\n      workflow { id name draft { canUndo canRedo } }\n      errors { __typename message code field ... on EditConflict { nodeId currentVersion } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UndoEdit($input: UndoEditInput!) {\n    undoEdit(input: $input) {\n      version\n      workflow { id name draft { version canUndo canRedo graph { ...GraphView_graph } } }\n      errors { message code }\n    }\n  }\n"): (typeof documents)["\n  mutation UndoEdit($input: UndoEditInput!) {\n    undoEdit(input: $input) {\n      version\n      workflow { id name draft { version canUndo canRedo graph { ...GraphView_graph } } }\n      errors { message code }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RedoEdit($input: UndoEditInput!) {\n    redoEdit(input: $input) {\n      version\n      workflow { id name draft { version canUndo canRedo graph { ...GraphView_graph } } }\n      errors { message code }\n    }\n  }\n"): (typeof documents)["\n  mutation RedoEdit($input: UndoEditInput!) {\n    redoEdit(input: $input) {\n      version\n      workflow { id name draft { version canUndo canRedo graph { ...GraphView_graph } } }\n      errors { message code }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription WorkflowChanges($workflowId: ID!, $after: Position) {\n    workflowChanges(workflowId: $workflowId, after: $after) { position type version groupId actor { id name } }\n  }\n"): (typeof documents)["\n  subscription WorkflowChanges($workflowId: ID!, $after: Position) {\n    workflowChanges(workflowId: $workflowId, after: $after) { position type version groupId actor { id name } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PublishWorkflow($input: PublishWorkflowInput!) {\n    publishWorkflow(input: $input) {\n      workflow { id state publishedVersion hasUnpublishedChanges }\n      errors { __typename message code ... on PublishRefused { problems { severity code message nodeId nodeName field line column hint } } }\n    }\n  }\n"): (typeof documents)["\n  mutation PublishWorkflow($input: PublishWorkflowInput!) {\n    publishWorkflow(input: $input) {\n      workflow { id state publishedVersion hasUnpublishedChanges }\n      errors { __typename message code ... on PublishRefused { problems { severity code message nodeId nodeName field line column hint } } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ExecuteWorkflow($input: ExecuteWorkflowInput!) {\n    executeWorkflow(input: $input) {\n      execution { id position }\n      errors { __typename message code ... on Overloaded { retryAfterMs } }\n    }\n  }\n"): (typeof documents)["\n  mutation ExecuteWorkflow($input: ExecuteWorkflowInput!) {\n    executeWorkflow(input: $input) {\n      execution { id position }\n      errors { __typename message code ... on Overloaded { retryAfterMs } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Executed($id: ID!, $atLeast: Position) {\n    execution(id: $id, atLeast: $atLeast) { id triggerNode graph { ...GraphView_graph } }\n  }\n"): (typeof documents)["\n  query Executed($id: ID!, $atLeast: Position) {\n    execution(id: $id, atLeast: $atLeast) { id triggerNode graph { ...GraphView_graph } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ListenForWebhook($input: ListenForWebhookInput!) {\n    listenForWebhook(input: $input) { testUrl until errors { message code } }\n  }\n"): (typeof documents)["\n  mutation ListenForWebhook($input: ListenForWebhookInput!) {\n    listenForWebhook(input: $input) { testUrl until errors { message code } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PreviewExpression($input: PreviewExpressionInput!) {\n    previewExpression(input: $input) { value isUndefined undefinedBlocks { source } error { code message hint line column } }\n  }\n"): (typeof documents)["\n  query PreviewExpression($input: PreviewExpressionInput!) {\n    previewExpression(input: $input) { value isUndefined undefinedBlocks { source } error { code message hint line column } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ExecutionLog($id: ID!) {\n    execution(id: $id) { id steps(first: 1000) { id nodeId log { level text } } }\n  }\n"): (typeof documents)["\n  query ExecutionLog($id: ID!) {\n    execution(id: $id) { id steps(first: 1000) { id nodeId log { level text } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ExpressionEntries {\n    expressionEntries { receiver name signature returns isFunction description example result }\n  }\n"): (typeof documents)["\n  query ExpressionEntries {\n    expressionEntries { receiver name signature returns isFunction description example result }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CredentialsToChoose {\n    credentials(first: 100) { nodes { id reference name type } }\n  }\n"): (typeof documents)["\n  query CredentialsToChoose {\n    credentials(first: 100) { nodes { id reference name type } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Calls_execution on Execution {\n    calls(first: 50) {\n      nodeId itemIndex\n      called { id workflowName status }\n    }\n  }\n"): (typeof documents)["\n  fragment Calls_execution on Execution {\n    calls(first: 50) {\n      nodeId itemIndex\n      called { id workflowName status }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TriggerCall($executionId: ID!, $nodeId: ID!) {\n    execution(id: $executionId) {\n      id\n      graph { nodes { id parameters } }\n      steps(nodeId: $nodeId, first: 1) { id output(first: 1) { items { index json } } }\n    }\n  }\n"): (typeof documents)["\n  query TriggerCall($executionId: ID!, $nodeId: ID!) {\n    execution(id: $executionId) {\n      id\n      graph { nodes { id parameters } }\n      steps(nodeId: $nodeId, first: 1) { id output(first: 1) { items { index json } } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ErrorCard_execution on Execution {\n    workflow { id }\n    error { ...ErrorText_error }\n  }\n"): (typeof documents)["\n  fragment ErrorCard_execution on Execution {\n    workflow { id }\n    error { ...ErrorText_error }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ErrorText_error on ExecutionError { message nodeId nodeName itemIndex code description causes }\n"): (typeof documents)["\n  fragment ErrorText_error on ExecutionError { message nodeId nodeName itemIndex code description causes }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Execution($id: ID!, $atLeast: Position) {\n    execution(id: $id, atLeast: $atLeast) {\n      id workflowName status position\n      workflow { id }\n      graph { nodes { id name } ...GraphView_graph }\n      error { nodeId }\n      ...ExecutionFacts_execution\n      ...ErrorCard_execution\n      ...Calls_execution\n      steps(first: 500) {\n        id nodeId iteration attempt status outputCounts startedAt finishedAt durationMs\n        error { message code }\n        ...StepPanel_step\n      }\n    }\n  }\n"): (typeof documents)["\n  query Execution($id: ID!, $atLeast: Position) {\n    execution(id: $id, atLeast: $atLeast) {\n      id workflowName status position\n      workflow { id }\n      graph { nodes { id name } ...GraphView_graph }\n      error { nodeId }\n      ...ExecutionFacts_execution\n      ...ErrorCard_execution\n      ...Calls_execution\n      steps(first: 500) {\n        id nodeId iteration attempt status outputCounts startedAt finishedAt durationMs\n        error { message code }\n        ...StepPanel_step\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ExecutionRow_execution on Execution {\n    id workflowName status mode versionLabel triggerKind queuedAt startedAt finishedAt durationMs itemCount\n  }\n"): (typeof documents)["\n  fragment ExecutionRow_execution on Execution {\n    id workflowName status mode versionLabel triggerKind queuedAt startedAt finishedAt durationMs itemCount\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Executions($first: Int, $after: String, $last: Int, $before: String, $filter: ExecutionFilter) {\n    executions(first: $first, after: $after, last: $last, before: $before, filter: $filter) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      nodes { id workflow { id } ...ExecutionRow_execution }\n    }\n  }\n"): (typeof documents)["\n  query Executions($first: Int, $after: String, $last: Int, $before: String, $filter: ExecutionFilter) {\n    executions(first: $first, after: $after, last: $last, before: $before, filter: $filter) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      nodes { id workflow { id } ...ExecutionRow_execution }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ExecutionFacts_execution on Execution {\n    id mode versionLabel triggerNode triggerKind queuedAt startedAt finishedAt durationMs\n    workflow { id }\n    caller { caller { id workflowName } }\n  }\n"): (typeof documents)["\n  fragment ExecutionFacts_execution on Execution {\n    id mode versionLabel triggerNode triggerKind queuedAt startedAt finishedAt durationMs\n    workflow { id }\n    caller { caller { id workflowName } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RetryExecution($input: ExecutionInput!) {\n    retryExecution(input: $input) { execution { id position } errors { message code } }\n  }\n"): (typeof documents)["\n  mutation RetryExecution($input: ExecutionInput!) {\n    retryExecution(input: $input) { execution { id position } errors { message code } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment StepPanel_step on Step {\n    id nodeId nodeName iteration attempt status inputCounts outputCounts\n    ...Waiting_step\n    error { message ...ErrorText_error }\n    log { level text }\n  }\n"): (typeof documents)["\n  fragment StepPanel_step on Step {\n    id nodeId nodeName iteration attempt status inputCounts outputCounts\n    ...Waiting_step\n    error { message ...ErrorText_error }\n    log { level text }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Waiting_step on Step {\n    status until waitsFor\n    awaitedExecution { id workflowName }\n  }\n"): (typeof documents)["\n  fragment Waiting_step on Step {\n    status until waitsFor\n    awaitedExecution { id workflowName }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AddMember($input: AddMemberInput!) { addMember(input: $input) { member { id } errors { message code field } } }\n"): (typeof documents)["\n  mutation AddMember($input: AddMemberInput!) { addMember(input: $input) { member { id } errors { message code field } } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Audit($first: Int, $after: String, $last: Int, $before: String) {\n    auditLog(first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      nodes { id ...AuditRow_entry }\n    }\n  }\n"): (typeof documents)["\n  query Audit($first: Int, $after: String, $last: Int, $before: String) {\n    auditLog(first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      nodes { id ...AuditRow_entry }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment AuditRow_entry on AuditEntry { id at actor actorKind action subject detail }\n"): (typeof documents)["\n  fragment AuditRow_entry on AuditEntry { id at actor actorKind action subject detail }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChangeBranding($input: ChangeBrandingInput!) {\n    changeBranding(input: $input) { tenant { id branding { productName accentColor logoUrl } } errors { message code } }\n  }\n"): (typeof documents)["\n  mutation ChangeBranding($input: ChangeBrandingInput!) {\n    changeBranding(input: $input) { tenant { id branding { productName accentColor logoUrl } } errors { message code } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetVariable($input: SetVariableInput!) { setVariable(input: $input) { variable { id } errors { message code } } }\n"): (typeof documents)["\n  mutation SetVariable($input: SetVariableInput!) { setVariable(input: $input) { variable { id } errors { message code } } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ErrorWorkflow { tenant { id errorWorkflow } }\n"): (typeof documents)["\n  query ErrorWorkflow { tenant { id errorWorkflow } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChooseErrorWorkflow($input: ChooseErrorWorkflowInput!) {\n    chooseErrorWorkflow(input: $input) { tenant { id errorWorkflow } errors { message code } }\n  }\n"): (typeof documents)["\n  mutation ChooseErrorWorkflow($input: ChooseErrorWorkflowInput!) {\n    chooseErrorWorkflow(input: $input) { tenant { id errorWorkflow } errors { message code } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ImportVariables($input: ImportVariablesInput!) {\n    importVariables(input: $input) { variables { id } unchanged errors { message code } }\n  }\n"): (typeof documents)["\n  mutation ImportVariables($input: ImportVariablesInput!) {\n    importVariables(input: $input) { variables { id } unchanged errors { message code } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Limits { tenant { id executionsAtOnce } }\n"): (typeof documents)["\n  query Limits { tenant { id executionsAtOnce } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation LimitExecutions($input: LimitExecutionsInput!) {\n    limitExecutions(input: $input) { tenant { id executionsAtOnce } errors { message code } }\n  }\n"): (typeof documents)["\n  mutation LimitExecutions($input: LimitExecutionsInput!) {\n    limitExecutions(input: $input) { tenant { id executionsAtOnce } errors { message code } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment MemberTable_member on Member { id name email role joinedAt }\n"): (typeof documents)["\n  fragment MemberTable_member on Member { id name email role joinedAt }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChangeMemberRole($input: ChangeMemberRoleInput!) {\n    changeMemberRole(input: $input) { member { id role } errors { message code } }\n  }\n"): (typeof documents)["\n  mutation ChangeMemberRole($input: ChangeMemberRoleInput!) {\n    changeMemberRole(input: $input) { member { id role } errors { message code } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveMember($input: RemoveMemberInput!) { removeMember(input: $input) { errors { message code } } }\n"): (typeof documents)["\n  mutation RemoveMember($input: RemoveMemberInput!) { removeMember(input: $input) { errors { message code } } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Members { members(first: 100) { nodes { id ...MemberTable_member } } }\n"): (typeof documents)["\n  query Members { members(first: 100) { nodes { id ...MemberTable_member } } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment VariableTable_variable on Variable { id name value changedAt }\n"): (typeof documents)["\n  fragment VariableTable_variable on Variable { id name value changedAt }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteVariable($input: DeleteVariableInput!) { deleteVariable(input: $input) { errors { message code } } }\n"): (typeof documents)["\n  mutation DeleteVariable($input: DeleteVariableInput!) { deleteVariable(input: $input) { errors { message code } } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Variables($first: Int, $after: String, $last: Int, $before: String) {\n    variables(first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      nodes { id ...VariableTable_variable }\n    }\n  }\n"): (typeof documents)["\n  query Variables($first: Int, $after: String, $last: Int, $before: String) {\n    variables(first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      nodes { id ...VariableTable_variable }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Usage($from: Date!, $to: Date!) {\n    usage(from: $from, to: $to) { date executions steps codeMs }\n  }\n"): (typeof documents)["\n  query Usage($from: Date!, $to: Date!) {\n    usage(from: $from, to: $to) { date executions steps codeMs }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ArchiveWorkflow($input: WorkflowInput!) {\n    archiveWorkflow(input: $input) { workflow { id state } errors { message code } }\n  }\n"): (typeof documents)["\n  mutation ArchiveWorkflow($input: WorkflowInput!) {\n    archiveWorkflow(input: $input) { workflow { id state } errors { message code } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateWorkflow($input: CreateWorkflowInput!) {\n    createWorkflow(input: $input) { workflow { id } errors { message code field } }\n  }\n"): (typeof documents)["\n  mutation CreateWorkflow($input: CreateWorkflowInput!) {\n    createWorkflow(input: $input) { workflow { id } errors { message code field } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ImportWorkflow($input: ImportWorkflowInput!) {\n    importWorkflow(input: $input) {\n      imported { workflow { id name } report { node outcome message } }\n      errors { message code field }\n    }\n  }\n"): (typeof documents)["\n  mutation ImportWorkflow($input: ImportWorkflowInput!) {\n    importWorkflow(input: $input) {\n      imported { workflow { id name } report { node outcome message } }\n      errors { message code field }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment WorkflowRow_workflow on Workflow {\n    id name state publishedVersion hasUnpublishedChanges triggerKinds changedAt\n    owner { id name }\n    lastExecution { id status queuedAt startedAt }\n    statistics(days: 7) { succeeded failed total }\n  }\n"): (typeof documents)["\n  fragment WorkflowRow_workflow on Workflow {\n    id name state publishedVersion hasUnpublishedChanges triggerKinds changedAt\n    owner { id name }\n    lastExecution { id status queuedAt startedAt }\n    statistics(days: 7) { succeeded failed total }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Workflows($first: Int, $after: String, $last: Int, $before: String, $filter: WorkflowFilter, $orderBy: WorkflowOrder) {\n    workflows(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      nodes { id ...WorkflowRow_workflow }\n    }\n  }\n"): (typeof documents)["\n  query Workflows($first: Int, $after: String, $last: Int, $before: String, $filter: WorkflowFilter, $orderBy: WorkflowOrder) {\n    workflows(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      nodes { id ...WorkflowRow_workflow }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WorkflowFile($id: ID!) {\n    workflow(id: $id) { id file }\n  }\n"): (typeof documents)["\n  query WorkflowFile($id: ID!) {\n    workflow(id: $id) { id file }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeactivateWorkflow($input: WorkflowInput!) {\n    deactivateWorkflow(input: $input) { workflow { id state } errors { message code } }\n  }\n"): (typeof documents)["\n  mutation DeactivateWorkflow($input: WorkflowInput!) {\n    deactivateWorkflow(input: $input) { workflow { id state } errors { message code } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ActivateWorkflow($input: WorkflowInput!) {\n    activateWorkflow(input: $input) { workflow { id state } errors { message code } }\n  }\n"): (typeof documents)["\n  mutation ActivateWorkflow($input: WorkflowInput!) {\n    activateWorkflow(input: $input) { workflow { id state } errors { message code } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Viewer {\n    viewer { permissions member { id name email role } }\n    tenant { id slug name branding { productName accentColor logoUrl } }\n  }\n"): (typeof documents)["\n  query Viewer {\n    viewer { permissions member { id name email role } }\n    tenant { id slug name branding { productName accentColor logoUrl } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WorkflowsToChoose($filter: WorkflowFilter) {\n    workflows(first: 100, filter: $filter) { nodes { id reference name } }\n  }\n"): (typeof documents)["\n  query WorkflowsToChoose($filter: WorkflowFilter) {\n    workflows(first: 100, filter: $filter) { nodes { id reference name } }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;