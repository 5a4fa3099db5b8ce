import { useMemo } from 'react'
import { useCatalogue } from '@/catalogue/useCatalogue'
import type { NodeState } from '@/execution/progress'
import { type FragmentType, readFragment } from '@/gql/fragment-masking'
import { Canvas } from './canvas/Canvas'
import { GraphFragment } from './documents'
import { kindsOf } from './kindsOf'
import { type Catalogue, catalogueOf } from './model/kind'
import { graphOf } from './transport'

interface ExecutedGraphProps {
  graph: FragmentType<typeof GraphFragment>
  states: ReadonlyMap<string, NodeState>
  onChoose: (nodeId: string) => void
}

const unknown: Catalogue = new Map()

/** A graph as it was executed, to look at. */
export function ExecutedGraph({ graph: masked, states, onChoose }: ExecutedGraphProps) {
  const graph = graphOf(readFragment(GraphFragment, masked))
  const [{ data }] = useCatalogue()
  const catalogue = useMemo(() => (data ? catalogueOf(kindsOf(data)) : unknown), [data])
  return <Canvas graph={graph} catalogue={catalogue} states={states} readOnly onOpen={onChoose} />
}
