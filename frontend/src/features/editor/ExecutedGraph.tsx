import { useEffect, useMemo, useRef } from 'react'
import { useCatalogue } from '@/catalogue/useCatalogue'
import type { NodeState } from '@/execution/progress'
import { type FragmentType, readFragment } from '@/gql/fragment-masking'
import { Canvas } from './canvas/Canvas'
import type { CanvasHandle } from './canvas/useCanvasHandle'
import { GraphFragment } from './documents'
import { kindsOf } from './kindsOf'
import { type Catalogue, catalogueOf } from './model/kind'
import { graphOf } from './transport'

interface ExecutedGraphProps {
  graph: FragmentType<typeof GraphFragment>
  states: ReadonlyMap<string, NodeState>
  chosen: string | undefined
  onChoose: (nodeId: string) => void
}

const unknown: Catalogue = new Map()

/** A graph as it was executed, to look at. */
export function ExecutedGraph({ graph: masked, states, chosen, onChoose }: ExecutedGraphProps) {
  const graph = graphOf(readFragment(GraphFragment, masked))
  const [{ data }] = useCatalogue()
  const catalogue = useMemo(() => (data ? catalogueOf(kindsOf(data)) : unknown), [data])
  const handle = useRef<CanvasHandle>(null)
  useEffect(() => {
    handle.current?.select(chosen === undefined ? [] : [chosen])
    if (chosen !== undefined) handle.current?.reveal(chosen)
  }, [chosen])
  return (
    <Canvas handle={handle} graph={graph} catalogue={catalogue} states={states} readOnly onOpen={onChoose} />
  )
}
