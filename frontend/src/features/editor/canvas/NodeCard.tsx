import { Handle, type NodeProps, Position } from '@xyflow/react'
import { CircleDashed, Pin, Plus, Replace } from 'lucide-react'
import { memo } from 'react'
import { KindIcon } from '@/catalogue/KindIcon'
import { useFormat } from '@/i18n/format'
import { say } from '@/sentences/say'
import { statusLook } from '@/ui/Status'
import { useLabels } from '../labels'
import { subtitle } from '../model/kind'
import { isPlaceholder, standsFor } from '../model/placeholder'
import { useCanvasActions } from './CanvasActions'
import { type CardNode, cardHeight, portTop } from './drawing'
import classes from './NodeCard.module.css'

/** Places in a card count from within its border, the drawing's from its edge. */
const border = 1

/** One node: its icon, its name, what it does, its ports, and how its last step went. */
export const NodeCard = memo(function NodeCard({ data, selected }: NodeProps<CardNode>) {
  const { node, kind, inputs, outputs, state, pinned } = data
  const t = useLabels()
  const height = cardHeight(inputs.length, outputs.length)
  const provisional = isPlaceholder(node)
  // Of what it stands for, the last part tells most: the card is too narrow for the package before it.
  const line = provisional ? (standsFor(node).split('.').at(-1) ?? '') : subtitle(node, kind)
  const error = state?.status === 'FAILED' && state.error ? say(state.error).split('\n')[0] : null
  return (
    <div
      className={classes.card}
      style={{ height }}
      data-card
      data-selected={selected}
      data-disabled={node.disabled}
      data-status={state?.status}
      data-changed={state?.changed}
      data-provisional={provisional}
      data-trigger={kind?.isTrigger}
    >
      <KindIcon kind={kind} />
      <span className={classes.words} data-near>
        <span className={classes.name}>{node.name}</span>
        {/* A node that is called as its kind need not say so twice. */}
        {(error || line !== node.name) && (
          <span className={error ? classes.error : classes.subtitle}>{error ?? line}</span>
        )}
      </span>
      {provisional && (
        <span className={classes.provisional} title={t('provisional')}>
          <Replace size={13} aria-hidden />
          <span className="visually-hidden">{t('provisional')}</span>
        </span>
      )}
      {pinned && (
        <span className={classes.pin} title={t('pinned')}>
          <Pin size={13} aria-hidden />
          <span className="visually-hidden">{t('pinned')}</span>
        </span>
      )}
      {state?.changed && (
        <span className={classes.changed} title={t('changedSince')}>
          <CircleDashed size={13} aria-hidden />
          <span className="visually-hidden">{t('changedSince')}</span>
        </span>
      )}
      {state && <StateMark data={data} />}
      {inputs.map((port, at) => (
        <Handle
          key={port.name}
          id={`in-${at}`}
          type="target"
          position={Position.Left}
          className={classes.handle}
          data-near
          style={{ top: portTop(at, inputs.length, height) - border }}
        />
      ))}
      {outputs.map((port, at) => (
        <Handle
          key={port.name}
          id={`out-${at}`}
          type="source"
          position={Position.Right}
          className={classes.handle}
          data-near
          style={{ top: portTop(at, outputs.length, height) - border }}
        />
      ))}
      <Outputs data={data} height={height} />
    </div>
  )
})

function StateMark({ data: { state } }: { data: CardNode['data'] }) {
  const t = useLabels()
  const { duration } = useFormat()
  if (!state) return null
  const { icon: Icon, tone } = statusLook[state.status]
  const took = state.durationMs > 0 ? ` · ${duration(state.durationMs)}` : ''
  return (
    <span className={classes.state} data-tone={tone} title={`${t(state.status)}${took}`}>
      <Icon size={14} aria-hidden className={state.status === 'RUNNING' ? classes.spin : undefined} />
      <span className="visually-hidden">{t(state.status)}</span>
      {state.iterations > 1 && <span>{state.iterations}×</span>}
    </span>
  )
}

/** Labels of several outputs, and a plus on each that nothing follows. */
function Outputs({ data: { node, outputs, free }, height }: { data: CardNode['data']; height: number }) {
  const t = useLabels()
  const { readOnly, addAfter } = useCanvasActions()
  const several = outputs.length > 1
  return (
    <>
      {outputs.map((port, at) => {
        const label = port.label ?? port.name
        const top = portTop(at, outputs.length, height) - border
        return (
          <span key={port.name} className={classes.output} style={{ top }} data-near>
            {several && <span className={classes.outputLabel}>{label}</span>}
            {!readOnly && free.includes(at) && (
              <button
                type="button"
                className={`${classes.plus} nodrag nopan`}
                aria-label={
                  several
                    ? t('addAfterOutput', { name: node.name, output: label })
                    : t('addAfter', { name: node.name })
                }
                onClick={(event) => {
                  event.stopPropagation()
                  addAfter({ nodeId: node.id, port: at })
                }}
              >
                <Plus size={13} aria-hidden />
              </button>
            )}
          </span>
        )
      })}
    </>
  )
}
