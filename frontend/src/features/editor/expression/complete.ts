import type { Json } from '@/api/scalars'

export interface Suggestion {
  label: string
  detail?: string
  /** What is written where it is not the label. */
  apply?: string
}

export interface Suggestions {
  /** Where the suggested text begins. */
  from: number
  options: Suggestion[]
}

/** What is known where an expression is written. */
export interface Known {
  /** The current item. */
  json: Json | undefined
  /** The nodes before this one, nearest first. */
  nodes: readonly string[]
}

const globals: readonly Suggestion[] = [
  { label: '$json', detail: 'the current item' },
  { label: '$input', detail: 'all items that came in' },
  { label: '$now', detail: 'this moment' },
  { label: '$today', detail: 'this day at midnight' },
  { label: '$vars', detail: 'variables' },
  { label: '$workflow', detail: 'id, name' },
  { label: '$execution', detail: 'id, mode' },
  { label: '$itemIndex', detail: 'number of the item' },
  { label: '$runIndex', detail: 'number of the iteration' },
  { label: '$prevNode', detail: 'where the item came from' },
  { label: '$if()', detail: 'condition, then, else', apply: '$if(' },
  { label: '$ifEmpty()', detail: 'value, else', apply: '$ifEmpty(' },
  { label: '$min()', apply: '$min(' },
  { label: '$max()', apply: '$max(' },
]

const call = (name: string): Suggestion => ({ label: `${name}()`, apply: `${name}(` })
const members: Record<string, readonly Suggestion[]> = {
  $input: ['item', 'first()', 'last()', 'all()', 'params'].map((label) => ({ label })),
  $workflow: ['id', 'name', 'active'].map((label) => ({ label })),
  $execution: ['id', 'mode'].map((label) => ({ label })),
  $prevNode: ['name', 'outputIndex', 'runIndex'].map((label) => ({ label })),
  $now: ['toISO()', 'toFormat', 'plus', 'minus', 'setZone', 'startOf', 'endOf'].map((label) =>
    label.endsWith(')') ? { label } : call(label),
  ),
}
members.$today = members.$now ?? []

const node: readonly Suggestion[] = ['item.json', 'first().json', 'last().json', 'all()', 'params'].map(
  (label) => ({ label }),
)
const ofText = [
  'toUpperCase()',
  'toLowerCase()',
  'trim()',
  'length',
  'split',
  'replace',
  'slice',
  'includes',
  'startsWith',
  'endsWith',
]
const ofList = ['length', 'map', 'filter', 'find', 'reduce', 'join', 'slice', 'includes', 'some', 'every']
const ofNumber = ['toFixed', 'toString()']

function methods(names: readonly string[]): Suggestion[] {
  return names.map((name) => (name.endsWith(')') || name === 'length' ? { label: name } : call(name)))
}

function isName(key: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(key)
}

/** Walks `.a.b[0]` through a value. */
function walk(value: Json | undefined, path: string): Json | undefined {
  let current = value
  for (const [, key, number, quoted] of path.matchAll(/\??\.([A-Za-z_$][\w$]*)|\[(\d+)\]|\["([^"]*)"\]/g)) {
    if (current === null || typeof current !== 'object') return undefined
    const name = key ?? number ?? quoted ?? ''
    current = Array.isArray(current) ? current[Number(name)] : current[name]
  }
  return current
}

function membersOf(value: Json | undefined): Suggestion[] {
  if (value === undefined || value === null) return []
  if (typeof value === 'string') return methods(ofText)
  if (typeof value === 'number') return methods(ofNumber)
  if (Array.isArray(value)) return methods(ofList)
  if (typeof value === 'boolean') return []
  return Object.entries(value)
    .filter(([key]) => isName(key))
    .map(([label, entry]) => ({
      label,
      detail: entry !== null && typeof entry === 'object' ? '' : String(entry).slice(0, 24),
    }))
}

/** What may follow the text before the cursor; `null` where nothing is known or the text is outside `{{ }}`. */
export function suggest(before: string, known: Known): Suggestions | null {
  const open = before.lastIndexOf('{{')
  if (open < 0 || before.lastIndexOf('}}') > open) return null
  const inside = before.slice(open + 2)
  const at = (typed: string) => before.length - typed.length

  const nodeName = /\$\((['"])([^'"]*)$/.exec(inside)
  if (nodeName) {
    const [, quote, typed] = nodeName
    return {
      from: at(typed ?? ''),
      options: known.nodes.map((label) => ({ label, apply: `${label}${quote})` })),
    }
  }
  const member =
    /(\$json|\$input\.item\.json)((?:\??\.[A-Za-z_$][\w$]*|\[\d+\]|\["[^"]*"\])*)\??\.([\w$]*)$/.exec(inside)
  if (member) return { from: at(member[3] ?? ''), options: membersOf(walk(known.json, member[2] ?? '')) }
  const ofNode = /\$\((['"])[^'"]*\1\)\.([\w.()]*)$/.exec(inside)
  if (ofNode) return { from: at(ofNode[2] ?? ''), options: [...node] }
  const ofGlobal = /(\$[a-zA-Z]+)\.([\w]*)$/.exec(inside)
  if (ofGlobal) return { from: at(ofGlobal[2] ?? ''), options: [...(members[ofGlobal[1] ?? ''] ?? [])] }
  const global = /\$[\w]*$/.exec(inside)
  if (global || /(^|[\s(,+\-*/?:=!<>&|])$/.test(inside)) {
    const named = known.nodes.map((name) => ({ label: `$('${name}')`, detail: '' }))
    return { from: at(global?.[0] ?? ''), options: [...globals, ...named] }
  }
  return null
}
