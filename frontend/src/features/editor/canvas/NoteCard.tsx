import { type NodeProps, NodeResizer } from '@xyflow/react'
import { lazy, memo, Suspense } from 'react'
import { useLabels } from '../labels'
import { smallestNote } from '../model/note'
import { useCanvasActions } from './CanvasActions'
import type { NoteNode } from './drawing'
import classes from './NoteCard.module.css'

const Markdown = lazy(() => import('react-markdown'))

/** Headings of a note stand below those of the page. */
const components = { h1: 'h3', h2: 'h4', h3: 'h5', h4: 'h6', h5: 'h6' } as const
/** No picture of elsewhere is fetched for a note: its words stand for it. */
const leftOut = ['img']

/** Words on the canvas, behind the nodes. */
export const NoteCard = memo(function NoteCard({ data: { node }, selected }: NodeProps<NoteNode>) {
  const t = useLabels()
  const { readOnly, resize } = useCanvasActions()
  const { content, color } = node.parameters
  const text = typeof content === 'string' ? content : ''
  return (
    <div className={classes.note} data-color={color ?? 'yellow'} data-selected={selected}>
      {selected && !readOnly && (
        <NodeResizer
          minWidth={smallestNote.width}
          minHeight={smallestNote.height}
          lineClassName={classes.line}
          handleClassName={classes.corner}
          onResizeEnd={(_, { x, y, width, height }) => resize(node.id, { x, y }, { width, height })}
        />
      )}
      {text ? (
        <Suspense fallback={<p>{text}</p>}>
          <Markdown components={components} disallowedElements={leftOut}>
            {text}
          </Markdown>
        </Suspense>
      ) : (
        <p className={classes.empty}>{t('emptyNote')}</p>
      )}
    </div>
  )
})
