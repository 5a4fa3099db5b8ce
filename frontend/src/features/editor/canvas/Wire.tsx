import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath } from '@xyflow/react'
import { Plus, Trash2 } from 'lucide-react'
import { memo } from 'react'
import { useLabels } from '../labels'
import classes from './Canvas.module.css'
import { useCanvasActions } from './CanvasActions'
import type { WireEdge } from './drawing'

/** One edge: how many items passed, and when chosen or under the mouse, ways to insert and remove. */
export const Wire = memo(function Wire(props: EdgeProps<WireEdge>) {
  const t = useLabels()
  const { readOnly, insertInto, removeEdge } = useCanvasActions()
  const { data, selected } = props
  const [path, x, y] = getSmoothStepPath({ ...props, borderRadius: 12, offset: 24 })
  const edge = data?.edge
  const offersTools = !readOnly && edge && (selected || data?.hovered === true)
  const hasCount = data?.count !== null && data?.count !== undefined
  return (
    <>
      <BaseEdge
        id={props.id}
        path={path}
        interactionWidth={24}
        className={classes.wire}
        data-flowing={data?.flowing}
        data-done={hasCount}
        data-selected={selected}
      />
      {(hasCount || offersTools) && (
        <EdgeLabelRenderer>
          <div
            className={classes.wireLabel}
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
          >
            {hasCount && !offersTools && (
              <span className={classes.count}>{t('items', { count: data?.count ?? 0 })}</span>
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
