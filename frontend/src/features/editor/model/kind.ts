import type { Json } from '@/api/scalars'
import type { NodeGroup, ParameterType } from '@/gql/graphql'
import type { GraphNode, Parameters } from './graph'

/** A node kind as the server's catalogue describes it. */
export interface Kind {
  kind: string
  version: number
  label: string
  description: string
  group: NodeGroup
  icon: string
  color?: string | null
  subtitle?: string | null
  isTrigger: boolean
  inputs: readonly Port[]
  outputs: readonly Port[]
  parameters: readonly Descriptor[]
  documentation: string
}

export interface Port {
  name: string
  label?: string | null
}

export interface Descriptor {
  name: string
  label: string
  type: ParameterType
  description?: string | null
  default?: Json
  required: boolean
  acceptsExpression: boolean
  placeholder?: string | null
  options: readonly { value: Json; label: string; description?: string | null }[]
  multiple: boolean
  language?: string | null
  credentialTypes: readonly string[]
  showWhen: readonly { parameter: string; values: Json }[]
  fields: readonly Descriptor[]
  min?: number | null
  max?: number | null
  rows?: number | null
}

export type Catalogue = ReadonlyMap<string, Kind>

/** The kinds by name and version; a name alone finds the newest. */
export function catalogueOf(kinds: readonly Kind[]): Catalogue {
  const catalogue = new Map<string, Kind>()
  for (const kind of kinds) {
    catalogue.set(`${kind.kind}@${kind.version}`, kind)
    const newest = catalogue.get(kind.kind)
    if (!newest || newest.version < kind.version) catalogue.set(kind.kind, kind)
  }
  return catalogue
}

export function kindOf(
  catalogue: Catalogue,
  node: Pick<GraphNode, 'kind' | 'kindVersion'>,
): Kind | undefined {
  return catalogue.get(`${node.kind}@${node.kindVersion}`) ?? catalogue.get(node.kind)
}

export function isExpression(value: Json | undefined): value is string {
  return typeof value === 'string' && value.startsWith('=')
}

/** The value that counts: what was set, else the descriptor's default. */
export function effective(descriptor: Descriptor, values: Parameters): Json | undefined {
  return values[descriptor.name] ?? descriptor.default ?? undefined
}

/** The descriptors that apply with these values, in the form's order. */
export function shown(descriptors: readonly Descriptor[], values: Parameters): Descriptor[] {
  const byName = new Map(descriptors.map((one) => [one.name, one]))
  const holds = ({ parameter, values: wanted }: { parameter: string; values: Json }) => {
    const sibling = byName.get(parameter)
    const value = sibling ? effective(sibling, values) : values[parameter]
    return (Array.isArray(wanted) ? wanted : [wanted]).some((one) => one === value)
  }
  return descriptors.filter((descriptor) => descriptor.showWhen.every(holds))
}

/** Whether a required parameter is missing. */
export function isMissing(descriptor: Descriptor, values: Parameters): boolean {
  const value = effective(descriptor, values)
  return descriptor.required && (value === undefined || value === null || value === '' || value === '=')
}

/** The names of required parameters that apply and are missing. */
export function missing(kind: Kind, values: Parameters): string[] {
  return shown(kind.parameters, values)
    .filter((descriptor) => isMissing(descriptor, values))
    .map((descriptor) => descriptor.name)
}

function shownValue(descriptor: Descriptor | undefined, values: Parameters): string {
  if (!descriptor) return ''
  const value = effective(descriptor, values)
  const option = descriptor.options.find((one) => one.value === value)
  if (option) return option.label
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** The line below a node's name: what its kind says of its parameters, else the kind's own name. */
export function subtitle(node: GraphNode, kind: Kind | undefined): string {
  if (!kind) return node.kind
  // A field that does not apply says nothing, whatever its default.
  const fields = shown(kind.parameters, node.parameters)
  const named = (name: string) => fields.find((one) => one.name === name)
  const line = kind.subtitle?.replace(/\{(\w+)\}/g, (_, name: string) =>
    shownValue(named(name), node.parameters),
  )
  return line?.trim() || kind.label
}

/**
 * The field at `path` (`assignments.assignments[0].value`) as its form calls it: labels where the kind has some, entries
 * counted from 1.
 */
export function fieldName(kind: Kind | undefined, path: string): string {
  const parts: string[] = []
  let fields = kind?.parameters ?? []
  for (const [, name, entry] of path.matchAll(/([^.[\]]+)(?:\[(\d+)\])?/g)) {
    const descriptor = fields.find((one) => one.name === name)
    if (descriptor) parts.push(descriptor.label)
    if (entry !== undefined) parts.push(`${parts.pop() ?? name} ${Number(entry) + 1}`)
    fields = descriptor?.fields ?? fields
  }
  return parts.join(' › ') || path
}
