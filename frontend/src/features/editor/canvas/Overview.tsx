import { MiniMap } from '@xyflow/react'

/** The whole graph, small, to move about in. */
export function Overview() {
  return (
    <MiniMap
      pannable
      zoomable
      nodeColor="var(--line-strong)"
      maskColor="var(--minimap-mask)"
      style={{ width: 140, height: 90 }}
    />
  )
}
