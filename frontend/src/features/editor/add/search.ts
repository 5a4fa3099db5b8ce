import type { NodeGroup } from '@/gql/graphql'
import type { Catalogue, Kind } from '../model/kind'
import { isPlaceholder } from '../model/placeholder'

const order: readonly NodeGroup[] = ['TRIGGER', 'TRANSFORM', 'FLOW', 'ACT', 'CODE']

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

/** How well a kind fits: a label that begins with the words is best, then one that holds them, then a description. */
function rank(kind: Kind, words: string): number {
  const label = plain(kind.label)
  if (label.startsWith(words)) return 3
  if (label.includes(words) || plain(kind.kind).includes(words)) return 2
  return plain(kind.description).includes(words) ? 1 : 0
}

/** The newest version of each kind that fits what was typed; only triggers can begin an empty graph. */
export function found(catalogue: Catalogue, text: string, triggersOnly: boolean): Kind[] {
  const newest = [...new Set([...catalogue].filter(([key]) => !key.includes('@')).map(([, kind]) => kind))]
    // Placeholders come from imports alone.
    .filter((kind) => !isPlaceholder(kind))
  const words = plain(text.trim())
  const offered = newest.filter((kind) => (triggersOnly && words === '' ? kind.isTrigger : true))
  if (words === '') return offered
  return offered
    .map((kind) => ({ kind, fit: rank(kind, words) }))
    .filter(({ fit }) => fit > 0)
    .toSorted((one, other) => other.fit - one.fit)
    .map(({ kind }) => kind)
}

/** In the order of the shelves; when something was typed, the shelf with the best fit comes first. */
export function byGroup(kinds: readonly Kind[]): [NodeGroup, Kind[]][] {
  return order
    .map((group): [NodeGroup, Kind[]] => [group, kinds.filter((kind) => kind.group === group)])
    .filter(([, members]) => members.length > 0)
    .toSorted(([, one], [, other]) => kinds.indexOf(one[0] as Kind) - kinds.indexOf(other[0] as Kind))
}
