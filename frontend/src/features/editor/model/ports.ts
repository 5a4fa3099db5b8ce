import type { Json } from '@/api/scalars'
import type { GraphNode, Parameters } from './graph'
import { effective, type Kind, type Port, shown } from './kind'

/** The most ports of a node whose kind says nothing of how many there may be. */
const most = 20

/** The inputs of a node: those of its kind, as many as its parameter `numberInputs` says where it has one. */
export function inputsOf(node: GraphNode, kind: Kind | undefined): readonly Port[] {
  if (!kind) return [{ name: 'main' }]
  const count = counted('numberInputs', node, kind)
  if (count === undefined) return kind.inputs
  return Array.from({ length: count }, (_, at) => kind.inputs[at] ?? { name: `input ${at + 1}` })
}

/** The outputs of a node: those that its parameters ask for, and one for errors where its settings ask for it. */
export function outputsOf(node: GraphNode, kind: Kind | undefined, errorLabel: string): readonly Port[] {
  const outputs = kind ? outputsOfKind(node, kind) : [{ name: 'main' }]
  return node.onError === 'ERROR_OUTPUT' ? [...outputs, { name: 'error', label: errorLabel }] : outputs
}

function outputsOfKind(node: GraphNode, kind: Kind): readonly Port[] {
  return methodsOf(node, kind) ?? rulesOf(node, kind) ?? countedOutputs(node, kind) ?? ordered(node, kind)
}

/** How many ports a parameter asks for, where the kind has it and it says a number that can be. */
function counted(name: string, node: GraphNode, kind: Kind): number | undefined {
  const counter = shown(kind.parameters, node.parameters).find((one) => one.name === name)
  const count = counter ? effective(counter, node.parameters) : undefined
  if (typeof count !== 'number' || !Number.isInteger(count)) return undefined
  return count >= (counter?.min ?? 1) && count <= (counter?.max ?? most) ? count : undefined
}

/** As many as the parameter `numberOutputs` says; those that the kind does not name have their number. */
function countedOutputs(node: GraphNode, kind: Kind): readonly Port[] | undefined {
  const count = counted('numberOutputs', node, kind)
  if (count === undefined) return undefined
  return Array.from({ length: count }, (_, at) => kind.outputs[at] ?? { name: String(at) })
}

/** The outputs of a webhook that takes several methods: one for each of them. */
function methodsOf(node: GraphNode, kind: Kind): readonly Port[] | undefined {
  const several = kind.parameters.find((one) => one.name === 'httpMethods')
  const methods = several && node.parameters.multipleMethods === true && effective(several, node.parameters)
  if (!Array.isArray(methods) || methods.length === 0) return undefined
  return methods.map((method) => ({ name: String(method), label: String(method) }))
}

const objectOf = (value: Json | undefined): Parameters =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {}
const outputNumber = (value: Json | undefined, limit: number) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < limit ? value : 0

/**
 * The outputs of a node that sends items by rules: one for each rule unless it names another, at least as many as are asked
 * for, and an extra one for the rest where there is to be one.
 */
function rulesOf(node: GraphNode, kind: Kind): readonly Port[] | undefined {
  const rules = shown(kind.parameters, node.parameters).find((one) => one.name === 'rules')
  if (!rules?.fields.some((one) => one.name === 'outputKey')) return undefined
  const limit = kind.parameters.find((one) => one.name === 'numberOutputs')?.max ?? most
  const given = effective(rules, node.parameters)
  const asked = outputNumber(node.parameters.numberOutputs, limit + 1)
  const ports: Port[] = Array.from({ length: asked }, (_, at) => ({ name: String(at) }))
  for (const [at, one] of (Array.isArray(given) ? given : []).slice(0, limit).entries()) {
    const rule = objectOf(one)
    const output = typeof rule.output === 'number' ? outputNumber(rule.output, limit) : at
    while (ports.length <= output) ports.push({ name: String(ports.length) })
    if (typeof rule.outputKey === 'string' && rule.outputKey !== '') ports[output] = { name: rule.outputKey }
  }
  const options = objectOf(node.parameters.options)
  if (options.fallbackOutput === 'extra') {
    const name = options.renameFallbackOutput
    ports.push({ name: typeof name === 'string' && name !== '' ? name : 'fallback' })
  }
  return ports
}

/** The outputs of the kind; in another order, or some of them, where the parameter `outputs` says so, `loopDone` for instance. */
function ordered(node: GraphNode, { parameters, outputs }: Kind): readonly Port[] {
  const order = parameters.find((one) => one.name === 'outputs')
  const wanted = order && effective(order, node.parameters)
  if (typeof wanted !== 'string') return outputs
  const at = ({ name }: Port) => wanted.toLowerCase().indexOf(name.toLowerCase())
  const found = outputs.filter((port) => at(port) >= 0).toSorted((one, other) => at(one) - at(other))
  return found.length > 0 ? found : outputs
}
