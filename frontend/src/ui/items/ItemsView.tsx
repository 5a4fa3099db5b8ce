import { ActionIcon, SegmentedControl } from '@mantine/core'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { Json } from '@/api/scalars'
import { useFormat } from '@/i18n/format'
import { useLabels } from '../labels'
import { columnsOf } from './columns'
import { FileList } from './FileList'
import { filesOf } from './files'
import { type ChosenItem, ItemsTable } from './ItemsTable'
import classes from './items.module.css'
import { JsonTree } from './JsonTree'
import { Schema } from './Schema'

export interface ShownItem {
  index: number
  json: Json
  binary: Json
}

const views = ['table', 'json', 'schema'] as const
type View = (typeof views)[number]

interface ItemsViewProps {
  items: readonly ShownItem[]
  total: number
  page: number
  pageSize: number
  hasNext: boolean
  onPage: (page: number) => void
  draggable?: boolean
  /** The item that expressions are shown for, where one can be chosen. */
  chosen?: ChosenItem | undefined
  /** Where a file of that key can be had; nothing for whoever may not have it. */
  fileHref?: ((key: string) => string) | undefined
}

/** Items as a table, as JSON, or only the shape of them. */
export function ItemsView(props: ItemsViewProps) {
  const { items, total, page, pageSize, hasNext, onPage, draggable, chosen, fileHref } = props
  const t = useLabels()
  const { number } = useFormat()
  const [view, setView] = useState<View>('table')
  const first = page * pageSize
  return (
    <div className={classes.view}>
      <div className={classes.head}>
        <span className="small dim">{t('items', { count: total })}</span>
        <SegmentedControl
          size="xs"
          aria-label={t('view')}
          value={view}
          onChange={(value) => setView(value as View)}
          data={views.map((value) => ({ value, label: t(value) }))}
        />
      </div>
      {items.length === 0 ? (
        <div className={classes.nothing}>
          <strong>{t('noItems')}</strong>
          <span className="dim">{t('noItemsWhy')}</span>
        </div>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section className={classes.body} tabIndex={0} aria-label={t(view)}>
          {view === 'table' && (
            <ItemsTable
              items={items}
              columns={columnsOf(items)}
              fileHref={fileHref}
              draggable={draggable}
              chosen={chosen}
            />
          )}
          {view === 'json' &&
            items.map((item) => (
              <div key={item.index}>
                <JsonTree value={item.json} label={String(item.index)} />
                {filesOf(item.binary).length > 0 && <FileList binary={item.binary} fileHref={fileHref} />}
              </div>
            ))}
          {view === 'schema' && <Schema items={items} draggable={draggable ?? false} />}
        </section>
      )}
      {(page > 0 || hasNext) && (
        <div className={classes.pager}>
          <ActionIcon
            variant="default"
            size="sm"
            disabled={page === 0}
            aria-label={t('previous')}
            onClick={() => onPage(page - 1)}
          >
            <ChevronLeft size={14} aria-hidden />
          </ActionIcon>
          <span className="small">
            {t('range', { from: number(first + 1), to: number(first + items.length), total: number(total) })}
          </span>
          <ActionIcon
            variant="default"
            size="sm"
            disabled={!hasNext}
            aria-label={t('next')}
            onClick={() => onPage(page + 1)}
          >
            <ChevronRight size={14} aria-hidden />
          </ActionIcon>
        </div>
      )}
    </div>
  )
}
