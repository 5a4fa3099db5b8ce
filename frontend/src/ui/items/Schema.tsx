import { GripVertical } from 'lucide-react'
import type { DragEvent } from 'react'
import { useLabels } from '../labels'
import { merged, type SchemaField, schemaOf } from './columns'
import type { ShownItem } from './ItemsView'
import classes from './items.module.css'

/** What a dragged field carries: the path that reads it. */
export const fieldDragType = 'application/x-field-path'

/** Lets the pointer carry what reads a field. */
export function dragField(event: DragEvent, access: string) {
  event.stopPropagation()
  event.dataTransfer.setData(fieldDragType, access)
  event.dataTransfer.setData('text/plain', `{{ ${access} }}`)
  event.dataTransfer.effectAllowed = 'copy'
}

/** The fields of all items with a sample of each; they can be dragged into parameters. */
export function Schema({ items, draggable }: { items: readonly ShownItem[]; draggable: boolean }) {
  return <Fields fields={schemaOf(merged(items))} draggable={draggable} />
}

function Fields({ fields, draggable }: { fields: readonly SchemaField[]; draggable: boolean }) {
  const t = useLabels()
  return (
    <ul className={classes.schema}>
      {fields.map((field) => (
        <li key={field.access} draggable={draggable} onDragStart={(event) => dragField(event, field.access)}>
          <span className={classes.field} data-draggable={draggable}>
            {draggable && <GripVertical size={12} aria-hidden />}
            <span className={classes.key}>{field.label}</span>
            <span className="dim small">{t(field.shape)}</span>
            <span className="cut small">{field.sample}</span>
          </span>
          {field.fields.length > 0 && <Fields fields={field.fields} draggable={draggable} />}
        </li>
      ))}
    </ul>
  )
}
