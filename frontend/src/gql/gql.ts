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
    "\n  fragment FeedExecution_execution on Execution {\n    id status mode queuedAt startedAt finishedAt durationMs itemCount workflowName triggerNode triggerKind versionLabel\n    workflow { id }\n  }\n": typeof types.FeedExecution_ExecutionFragmentDoc,
    "\n  subscription ExecutionFeed($after: Position, $workflowId: ID) {\n    executionFeed(after: $after, workflowId: $workflowId) { position execution { id ...FeedExecution_execution } }\n  }\n": typeof types.ExecutionFeedDocument,
    "\n  mutation ArchiveWorkflow($input: WorkflowInput!) {\n    archiveWorkflow(input: $input) { workflow { id state } errors { message code } }\n  }\n": typeof types.ArchiveWorkflowDocument,
    "\n  mutation CreateWorkflow($input: CreateWorkflowInput!) {\n    createWorkflow(input: $input) { workflow { id } errors { message code field } }\n  }\n": typeof types.CreateWorkflowDocument,
    "\n  fragment WorkflowRow_workflow on Workflow {\n    id name state publishedVersion hasUnpublishedChanges triggerKinds changedAt\n    owner { id name }\n    lastExecution { id status queuedAt startedAt }\n    statistics(days: 7) { succeeded failed total }\n  }\n": typeof types.WorkflowRow_WorkflowFragmentDoc,
    "\n  query Workflows($first: Int, $after: String, $last: Int, $before: String, $filter: WorkflowFilter, $orderBy: WorkflowOrder) {\n    workflows(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      nodes { id ...WorkflowRow_workflow }\n    }\n  }\n": typeof types.WorkflowsDocument,
    "\n  mutation DeactivateWorkflow($input: WorkflowInput!) {\n    deactivateWorkflow(input: $input) { workflow { id state } errors { message code } }\n  }\n": typeof types.DeactivateWorkflowDocument,
    "\n  mutation ActivateWorkflow($input: WorkflowInput!) {\n    activateWorkflow(input: $input) { workflow { id state } errors { message code } }\n  }\n": typeof types.ActivateWorkflowDocument,
    "\n  query Viewer {\n    viewer { permissions member { id name email role } }\n    tenant { id slug name branding { productName accentColor logoUrl } }\n  }\n": typeof types.ViewerDocument,
};
const documents: Documents = {
    "\n  fragment FeedExecution_execution on Execution {\n    id status mode queuedAt startedAt finishedAt durationMs itemCount workflowName triggerNode triggerKind versionLabel\n    workflow { id }\n  }\n": types.FeedExecution_ExecutionFragmentDoc,
    "\n  subscription ExecutionFeed($after: Position, $workflowId: ID) {\n    executionFeed(after: $after, workflowId: $workflowId) { position execution { id ...FeedExecution_execution } }\n  }\n": types.ExecutionFeedDocument,
    "\n  mutation ArchiveWorkflow($input: WorkflowInput!) {\n    archiveWorkflow(input: $input) { workflow { id state } errors { message code } }\n  }\n": types.ArchiveWorkflowDocument,
    "\n  mutation CreateWorkflow($input: CreateWorkflowInput!) {\n    createWorkflow(input: $input) { workflow { id } errors { message code field } }\n  }\n": types.CreateWorkflowDocument,
    "\n  fragment WorkflowRow_workflow on Workflow {\n    id name state publishedVersion hasUnpublishedChanges triggerKinds changedAt\n    owner { id name }\n    lastExecution { id status queuedAt startedAt }\n    statistics(days: 7) { succeeded failed total }\n  }\n": types.WorkflowRow_WorkflowFragmentDoc,
    "\n  query Workflows($first: Int, $after: String, $last: Int, $before: String, $filter: WorkflowFilter, $orderBy: WorkflowOrder) {\n    workflows(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      nodes { id ...WorkflowRow_workflow }\n    }\n  }\n": types.WorkflowsDocument,
    "\n  mutation DeactivateWorkflow($input: WorkflowInput!) {\n    deactivateWorkflow(input: $input) { workflow { id state } errors { message code } }\n  }\n": types.DeactivateWorkflowDocument,
    "\n  mutation ActivateWorkflow($input: WorkflowInput!) {\n    activateWorkflow(input: $input) { workflow { id state } errors { message code } }\n  }\n": types.ActivateWorkflowDocument,
    "\n  query Viewer {\n    viewer { permissions member { id name email role } }\n    tenant { id slug name branding { productName accentColor logoUrl } }\n  }\n": types.ViewerDocument,
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
export function graphql(source: "\n  fragment FeedExecution_execution on Execution {\n    id status mode queuedAt startedAt finishedAt durationMs itemCount workflowName triggerNode triggerKind versionLabel\n    workflow { id }\n  }\n"): (typeof documents)["\n  fragment FeedExecution_execution on Execution {\n    id status mode queuedAt startedAt finishedAt durationMs itemCount workflowName triggerNode triggerKind versionLabel\n    workflow { id }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription ExecutionFeed($after: Position, $workflowId: ID) {\n    executionFeed(after: $after, workflowId: $workflowId) { position execution { id ...FeedExecution_execution } }\n  }\n"): (typeof documents)["\n  subscription ExecutionFeed($after: Position, $workflowId: ID) {\n    executionFeed(after: $after, workflowId: $workflowId) { position execution { id ...FeedExecution_execution } }\n  }\n"];
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
export function graphql(source: "\n  fragment WorkflowRow_workflow on Workflow {\n    id name state publishedVersion hasUnpublishedChanges triggerKinds changedAt\n    owner { id name }\n    lastExecution { id status queuedAt startedAt }\n    statistics(days: 7) { succeeded failed total }\n  }\n"): (typeof documents)["\n  fragment WorkflowRow_workflow on Workflow {\n    id name state publishedVersion hasUnpublishedChanges triggerKinds changedAt\n    owner { id name }\n    lastExecution { id status queuedAt startedAt }\n    statistics(days: 7) { succeeded failed total }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Workflows($first: Int, $after: String, $last: Int, $before: String, $filter: WorkflowFilter, $orderBy: WorkflowOrder) {\n    workflows(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      nodes { id ...WorkflowRow_workflow }\n    }\n  }\n"): (typeof documents)["\n  query Workflows($first: Int, $after: String, $last: Int, $before: String, $filter: WorkflowFilter, $orderBy: WorkflowOrder) {\n    workflows(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      nodes { id ...WorkflowRow_workflow }\n    }\n  }\n"];
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

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;