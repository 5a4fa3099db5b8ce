import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath } from '@xyflow/react'
import { Plus, Trash2 } from 'lucide-react'
import { memo } from 'react'
import { useFormat } from '@/i18n/format'
import { useLabels } from '../labels'
import { useCanvasActions } from './CanvasActions'
import type { WireEdge } from './drawing'
import classes from './Wire.module.css'

/** One edge: how many items passed, and when chosen or under the mouse, ways to insert and remove. */
export const Wire = memo(function Wire(props: EdgeProps<WireEdge>) {
  const t = useLabels()
  const { readOnly, insertInto, removeEdge } = useCanvasActions()
  const { data, selected } = props
  const [path, x, y] = getSmoothStepPath({ ...props, borderRadius: 12, offset: 24 })
  const edge = data?.edge
  const offersTools = !readOnly && edge && (selected || data?.hovered === true)
  const count = data?.count ?? null
  return (
    <>
      <BaseEdge
        id={props.id}
        path={path}
        interactionWidth={24}
        className={classes.wire}
        data-flowing={data?.flowing}
        data-done={count !== null && count > 0}
        data-selected={selected}
      />
      {(count !== null || offersTools) && (
        <EdgeLabelRenderer>
          <div
            className={classes.wireLabel}
            data-near
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
          >
            {count !== null && !offersTools && (
              <Count
                count={count}
                across={props.targetX - props.sourceX}
                down={props.targetY - props.sourceY}
              />
            )}
            {offersTools && edge && (
              <span className={`${classes.tools} nodrag nopan`}>
                <button
                  type="button"
                  aria-label={t('insert')}
                  title={t('insert')}
                  onClick={() => insertInto(edge)}
                >
                  <Plus size={13} aria-hidden />
                </button>
                <button
                  type="button"
                  aria-label={t('removeEdge')}
                  title={t('removeEdge')}
                  onClick={() => removeEdge(edge)}
                >
                  <Trash2 size={13} aria-hidden />
                </button>
              </span>
            )}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  )
})

interface CountProps {
  count: number
  /** From the one card to the other, in pixels. */
  across: number
  down: number
}

/** Words where there is room for them between two cards, else the number alone. */
function Count({ count, across, down }: CountProps) {
  const t = useLabels()
  const { number } = useFormat()
  const words = t('items', { count })
  // About the width of the words and of both ports. Beside a long way down there are no cards in the way.
  const fits = words.length * 6 + 24 <= across || Math.abs(down) >= 96
  return (
    <span className={classes.count} data-none={count === 0} title={fits ? undefined : words}>
      {fits ? words : number(count)}
    </span>
  )
}
