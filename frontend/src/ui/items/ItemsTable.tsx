import type { Json } from '@/api/scalars'
import { useLabels } from '../labels'
import { FileList } from './FileList'
import { filesOf } from './files'
import type { ShownItem } from './ItemsView'
import classes from './items.module.css'

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
}

export function ItemsTable({ items, columns, fileHref }: ItemsTableProps) {
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
            <th key={column} scope="col">
              {column}
            </th>
          ))}
          {haveFiles && <th scope="col">{t('files')}</th>}
        </tr>
      </thead>
      <tbody>
        {items.map(({ index, json, binary }) => (
          <tr key={index}>
            <th scope="row">{index}</th>
            {columns.map((column) => {
              const value = cell(json, column)
              const text = short(value)
              return (
                <td key={column} data-type={value === null ? 'null' : typeof value} title={text}>
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
