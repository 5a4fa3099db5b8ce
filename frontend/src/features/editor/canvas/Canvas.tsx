import '@xyflow/react/dist/style.css'
import {
  Background,
  BackgroundVariant,
  type Connection,
  type OnSelectionChangeParams,
  ReactFlow,
  type ReactFlowInstance,
  ReactFlowProvider,
  SelectionMode,
  useReactFlow,
  useStore,
} from '@xyflow/react'
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  type RefObject,
  useCallback,
  useMemo,
  useState,
} from 'react'
import type { NodeState } from '@/execution/progress'
import { useLabels } from '../labels'
import type { Edge, Endpoint, Graph, Point } from '../model/graph'
import type { Catalogue } from '../model/kind'
import type { Size } from '../model/note'
import { card } from '../model/place'
import classes from './Canvas.module.css'
import { type CanvasActions, CanvasActionsContext } from './CanvasActions'
import type { CanvasNode, WireEdge } from './drawing'
import { edgeUnder } from './edgeUnder'
import { NodeCard } from './NodeCard'
import { NoteCard } from './NoteCard'
import { type CanvasHandle, useCanvasHandle } from './useCanvasHandle'
import { useDrawing } from './useDrawing'
import { Wire } from './Wire'

export interface Selection {
  nodeIds: readonly string[]
  edges: readonly Edge[]
}

interface CanvasProps {
  graph: Graph
  catalogue: Catalogue
  states: ReadonlyMap<string, NodeState>
  readOnly?: boolean
  handle?: RefObject<CanvasHandle | null>
  onSelect?: (selection: Selection) => void
  /** A click on a card. */
  onOpen?: (nodeId: string) => void
  /** Enter on a card: whoever opens it so goes on with the keyboard in it. */
  onEnter?: (nodeId: string) => void
  onClear?: () => void
  onMove?: (places: ReadonlyMap<string, Point>) => void
  onConnect?: (edge: Edge) => void
  /** A connection was dropped on nothing. */
  onAddAfter?: (output: Endpoint) => void
  onAddAt?: (place: Point) => void
  onInsertInto?: (edge: Edge) => void
  /** An unconnected card was dropped on an edge. */
  onDropOnEdge?: (nodeId: string, edge: Edge) => void
  onRemoveEdge?: (edge: Edge) => void
  onResize?: (nodeId: string, corner: Point, size: Size) => void
  /** What lies on the canvas, such as an overview. */
  children?: ReactNode
}

const nodeTypes = { card: NodeCard, note: NoteCard }
const edgeTypes = { wire: Wire }
const nothing = () => undefined
/** A large workflow opens where its cards can be read, not where all of them are dots. */
const firstFit = { padding: 0.15, minZoom: 0.45, maxZoom: 1 }
const focusable = '.react-flow__node, .react-flow__edge'
/** Beside the leftmost card, in pixels on the screen. */
const margin = 24
/** From here on words are too small to read, and are not drawn. */
const farZoom = 0.35

export function Canvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Surface {...props} />
    </ReactFlowProvider>
  )
}

function Surface(props: CanvasProps) {
  const { graph, readOnly = false, handle } = props
  const flow = useReactFlow<CanvasNode, WireEdge>()
  const { nodes, edges, chosenEdges, changeNodes, changeEdges, select } = useDrawing(props)
  const [hovered, setHovered] = useState<string | null>(null)
  useCanvasHandle(handle, select)
  const actions = useActions(props)
  const far = useStore((state) => state.transform[2] < farZoom)
  const words = useWords()

  const shownEdges = useMemo(() => {
    if (chosenEdges.size === 0 && hovered === null) return edges
    return edges.map((edge) => {
      const selected = chosenEdges.has(edge.id)
      if (!selected && edge.id !== hovered) return edge
      return { ...edge, selected, data: { ...edge.data, hovered: edge.id === hovered } as WireEdge['data'] }
    })
  }, [edges, chosenEdges, hovered])

  const onDragStop = (_: unknown, dragged: CanvasNode, all: CanvasNode[]) => {
    const passes = dragged.data.inputs.length > 0 && dragged.data.outputs.length > 0
    const target =
      all.length === 1 && !readOnly && passes ? edgeUnder(graph, dragged.id, dragged.position) : undefined
    props.onMove?.(new Map(all.map((node) => [node.id, node.position])))
    if (target) props.onDropOnEdge?.(dragged.id, target)
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement
    // Tab leads from card to card and on; only on one that is selected it is the command that adds the next.
    if (event.key === 'Tab' && target.matches(focusable) && !target.matches('.selected'))
      event.stopPropagation()
    const id = target.matches('.react-flow__node') ? target.dataset.id : undefined
    if (event.key === 'Enter' && id) (props.onEnter ?? props.onOpen)?.(id)
  }

  /** The library moves cards by the arrow keys, and tells nobody when the keys rest. */
  const onKeyUp = (event: KeyboardEvent) => {
    const onCard = (event.target as HTMLElement).closest('.react-flow__node') !== null
    if (readOnly || !onCard || !event.key.startsWith('Arrow')) return
    const moved = nodes.filter((node) => node.selected)
    if (moved.length > 0) props.onMove?.(new Map(moved.map((node) => [node.id, node.position])))
  }

  const onDoubleClick = (event: MouseEvent) => {
    if (readOnly || !(event.target as HTMLElement).classList.contains('react-flow__pane')) return
    const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY })
    props.onAddAt?.({ x: x - card.width / 2, y: y - card.height / 2 })
  }

  return (
    <CanvasActionsContext value={actions}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the cards in it are the elements with roles */}
      <div
        className={classes.canvas}
        data-far={far}
        data-takes-tab
        onDoubleClick={onDoubleClick}
        onKeyDown={onKeyDown}
        onKeyUp={onKeyUp}
      >
        <ReactFlow<CanvasNode, WireEdge>
          nodes={nodes}
          edges={shownEdges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          onNodesChange={changeNodes}
          onEdgesChange={changeEdges}
          onNodeClick={(event, node) => {
            if (!event.shiftKey && !event.metaKey && !event.ctrlKey) props.onOpen?.(node.id)
          }}
          onPaneClick={props.onClear}
          onSelectionChange={useSelectionChange(props.onSelect)}
          onNodeDragStop={onDragStop}
          onConnect={(connection) => props.onConnect?.(edgeOf(connection))}
          onConnectEnd={(_, { isValid, fromHandle, fromNode }) => {
            if (!isValid && fromNode && fromHandle?.type === 'source') {
              props.onAddAfter?.({ nodeId: fromNode.id, port: portOf(fromHandle.id) })
            }
          }}
          onEdgeMouseEnter={(_, edge) => setHovered(edge.id)}
          onEdgeMouseLeave={() => setHovered(null)}
          nodesDraggable={!readOnly}
          nodesConnectable={!readOnly}
          edgesFocusable={!readOnly}
          deleteKeyCode={null}
          multiSelectionKeyCode={['Control', 'Meta']}
          selectionMode={SelectionMode.Partial}
          snapToGrid
          snapGrid={[8, 8]}
          zoomOnDoubleClick={false}
          minZoom={0.1}
          maxZoom={2}
          fitView
          fitViewOptions={firstFit}
          onInit={() => void requestAnimationFrame(() => showBeginning(flow))}
          onlyRenderVisibleElements
          proOptions={{ hideAttribution: true }}
          ariaLabelConfig={words}
        >
          <Background variant={BackgroundVariant.Dots} gap={24} size={1.4} color="var(--line-strong)" />
          {props.children}
        </ReactFlow>
      </div>
    </CanvasActionsContext>
  )
}

/** A workflow that is too wide for the first sight of it is shown from its left, where its triggers are. */
function showBeginning(flow: ReactFlowInstance<CanvasNode, WireEdge>) {
  const { x, y, zoom } = flow.getViewport()
  const left = x + zoom * Math.min(...flow.getNodes().map((node) => node.position.x))
  if (left < margin) void flow.setViewport({ x: x + margin - left, y, zoom })
}

/** What the library tells those who do not see the canvas. */
function useWords() {
  const t = useLabels()
  return useMemo(
    () => ({
      'node.a11yDescription.default': t('nodeKeys'),
      'node.a11yDescription.keyboardDisabled': t('nodeKeys'),
      'node.a11yDescription.ariaLiveMessage': ({ x, y }: { x: number; y: number }) =>
        t('nodeMoved', { x, y }),
      'edge.a11yDescription.default': t('edgeKeys'),
    }),
    [t],
  )
}

function useActions({
  readOnly = false,
  onAddAfter,
  onInsertInto,
  onRemoveEdge,
  onResize,
}: CanvasProps): CanvasActions {
  return useMemo(
    () => ({
      readOnly,
      addAfter: onAddAfter ?? nothing,
      insertInto: onInsertInto ?? nothing,
      removeEdge: onRemoveEdge ?? nothing,
      resize: onResize ?? nothing,
    }),
    [readOnly, onAddAfter, onInsertInto, onRemoveEdge, onResize],
  )
}

function useSelectionChange(onSelect: CanvasProps['onSelect']) {
  return useCallback(
    ({ nodes, edges }: OnSelectionChangeParams<CanvasNode, WireEdge>) =>
      onSelect?.({
        nodeIds: nodes.map((node) => node.id),
        edges: edges.flatMap((edge) => (edge.data ? [edge.data.edge] : [])),
      }),
    [onSelect],
  )
}

function portOf(handle: string | null | undefined): number {
  return Number(handle?.split('-')[1] ?? 0)
}

function edgeOf({ source, target, sourceHandle, targetHandle }: Connection): Edge {
  return {
    from: { nodeId: source, port: portOf(sourceHandle) },
    to: { nodeId: target, port: portOf(targetHandle) },
  }
}
