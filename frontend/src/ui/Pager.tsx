import { Button } from '@mantine/core'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useFormat } from '@/i18n/format'
import { useLabels } from './labels'
import classes from './ui.module.css'

/** Where the page that is shown begins and ends, as Relay's connections say it. */
interface Page {
  hasPreviousPage: boolean
  hasNextPage: boolean
  startCursor: string | null
  endCursor: string | null
}

interface PagerProps {
  total: number
  page: Page
  /** Goes to what is before or after a cursor. */
  onTurn: (to: { before?: string; after?: string }) => void
}

/** Backwards and forwards through a list whose pages have no numbers. */
export function Pager({ total, page, onTurn }: PagerProps) {
  const t = useLabels()
  const { number } = useFormat()
  return (
    <div className={classes.pager}>
      <span>{t('total', { count: total, shown: number(total) })}</span>
      {(page.hasPreviousPage || page.hasNextPage) && (
        <>
          <Button
            size="xs"
            variant="default"
            disabled={!page.hasPreviousPage}
            onClick={() => onTurn({ before: page.startCursor ?? undefined })}
            leftSection={<ChevronLeft size={14} aria-hidden />}
          >
            {t('previous')}
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={!page.hasNextPage}
            onClick={() => onTurn({ after: page.endCursor ?? undefined })}
            rightSection={<ChevronRight size={14} aria-hidden />}
          >
            {t('next')}
          </Button>
        </>
      )}
    </div>
  )
}
