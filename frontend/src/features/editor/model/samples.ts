import { emptyGraph, type Graph, type GraphNode } from './graph'
import type { Descriptor, Kind } from './kind'

/** Graphs and kinds for tests. */

export function sampleNode(id: string, change: Partial<GraphNode> = {}): GraphNode {
  return {
    id,
    name: `Node ${id}`,
    kind: 'set',
    kindVersion: 1,
    position: { x: 0, y: 0 },
    parameters: {},
    disabled: false,
    notes: null,
    onError: 'STOP',
    retry: null,
    alwaysOutputData: false,
    executeOnce: false,
    timeoutSeconds: null,
    ...change,
  }
}

/** `a → b → c`, from left to right. */
export function chain(...ids: string[]): Graph {
  return {
    ...emptyGraph,
    nodes: ids.map((id, at) => sampleNode(id, { position: { x: at * 288, y: 0 } })),
    edges: ids.slice(1).map((id, at) => ({
      from: { nodeId: ids[at] ?? '', port: 0 },
      to: { nodeId: id, port: 0 },
    })),
  }
}

export function sampleDescriptor(name: string, change: Partial<Descriptor> = {}): Descriptor {
  return {
    name,
    label: name,
    type: 'STRING',
    required: false,
    acceptsExpression: true,
    options: [],
    multiple: false,
    credentialTypes: [],
    showWhen: [],
    fields: [],
    ...change,
  }
}

export function sampleKind(kind: string, change: Partial<Kind> = {}): Kind {
  return {
    kind,
    version: 1,
    label: kind,
    description: '',
    group: 'TRANSFORM',
    icon: 'pencil',
    isTrigger: false,
    inputs: [{ name: 'main' }],
    outputs: [{ name: 'main' }],
    parameters: [],
    documentation: '',
    ...change,
  }
}
