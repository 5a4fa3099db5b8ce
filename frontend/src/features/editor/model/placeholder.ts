import type { GraphNode } from './graph'

/** Whether a node only keeps what an imported one was told, until another takes its place. */
export function isPlaceholder(node: Pick<GraphNode, 'kind'>): boolean {
  return node.kind === 'placeholder'
}

/** What it stands for: `n8n-nodes-base.mattermost`. */
export function standsFor({ parameters }: Pick<GraphNode, 'parameters'>): string {
  return typeof parameters.type === 'string' ? parameters.type : ''
}
