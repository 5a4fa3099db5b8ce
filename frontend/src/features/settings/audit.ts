import type { Json } from '@/api/scalars'

const id = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Whether a text is an id, which says nothing to people: it is shown short. */
export function isId(text: string): boolean {
  return id.test(text)
}

/** What happened, as a label's key: `workflow.published` is `did_workflow_published`. */
export function wordsKey(action: string): string {
  return `did_${action.replace(/\W/g, '_')}`
}

/** Fields that are for machines, or that the action's own words say already. */
const unsaid = new Set(['digest', 'mode'])

/** What an entry tells beside its name, short: plain values only, without ids. */
export function detailText(detail: Json, nameOf: (field: string) => string): string {
  if (detail === null || typeof detail !== 'object' || Array.isArray(detail)) return ''
  return Object.entries(detail)
    .filter(([name, value]) => !unsaid.has(name) && value !== null && typeof value !== 'object')
    .filter(([, value]) => typeof value !== 'string' || !isId(value))
    .map(([name, value]) => `${nameOf(name)} ${value}`)
    .join(' · ')
}
