import type { Json } from '@/api/scalars'
import { useLabels } from '../labels'
import { step } from './columns'
import { FileList } from './FileList'
import { filesOf } from './files'
import type { ShownItem } from './ItemsView'
import classes from './items.module.css'
import { dragField } from './Schema'

function short(value: Json | undefined): string {
  if (value === undefined) return ''
  if (value === null) return 'null'
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}

function cell(json: Json, column: string): Json | undefined {
  return json !== null && typeof json === 'object' && !Array.isArray(json) ? json[column] : undefined
}

interface ItemsTableProps {
  items: readonly ShownItem[]
  columns: readonly string[]
  fileHref?: ((key: string) => string) | undefined
  /** The heads of the columns can be dragged into parameters. */
  draggable?: boolean | undefined
  /** The item that expressions are shown for, where one can be chosen. */
  chosen?: ChosenItem | undefined
}

export interface ChosenItem {
  index: number
  onChoose: (index: number) => void
}

export function ItemsTable({ items, columns, fileHref, draggable, chosen }: ItemsTableProps) {
  const t = useLabels()
  const haveFiles = items.some(({ binary }) => filesOf(binary).length > 0)
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">{t('item')}</span>
          </th>
          {columns.map((column) => (
            <th
              key={column}
              scope="col"
              draggable={draggable}
              data-draggable={draggable}
              title={column}
              onDragStart={(event) => dragField(event, `$json${step(column)}`)}
            >
              {column}
            </th>
          ))}
          {haveFiles && <th scope="col">{t('files')}</th>}
        </tr>
      </thead>
      <tbody>
        {items.map(({ index, json, binary }) => (
          <tr
            key={index}
            data-chosen={chosen?.index === index}
            data-choosable={chosen !== undefined}
            onClick={() => chosen?.onChoose(index)}
          >
            <th scope="row">{chosen ? <ChooseItem index={index} chosen={chosen} /> : index}</th>
            {columns.map((column) => {
              const value = cell(json, column)
              const text = short(value)
              return (
                <td key={column} data-type={value === null ? 'null' : typeof value} title={text} dir="auto">
                  {text}
                </td>
              )
            })}
            {columns.length === 0 && <td className="dim">{t('empty')}</td>}
            {haveFiles && (
              <td>{filesOf(binary).length > 0 && <FileList binary={binary} fileHref={fileHref} />}</td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function ChooseItem({ index, chosen }: { index: number; chosen: ChosenItem }) {
  const t = useLabels()
  return (
    <button
      type="button"
      className={classes.choose}
      aria-pressed={chosen.index === index}
      aria-label={t('chooseItem', { index })}
      title={t('chooseItem', { index })}
      onClick={(event) => {
        event.stopPropagation()
        chosen.onChoose(index)
      }}
    >
      {index}
    </button>
  )
}
