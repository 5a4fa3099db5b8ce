import { Button } from '@mantine/core'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useFormat } from '@/i18n/format'
import { useLabels } from './labels'
import classes from './ui.module.css'

interface PagerProps {
  total: number
  onPrevious: (() => void) | null
  onNext: (() => void) | null
}

/** Backwards and forwards through a list whose pages have no numbers. */
export function Pager({ total, onPrevious, onNext }: PagerProps) {
  const t = useLabels()
  const { number } = useFormat()
  return (
    <div className={classes.pager}>
      <span>{t('total', { count: total, shown: number(total) })}</span>
      {(onPrevious || onNext) && (
        <>
          <Button
            size="xs"
            variant="default"
            disabled={!onPrevious}
            onClick={onPrevious ?? undefined}
            leftSection={<ChevronLeft size={14} aria-hidden />}
          >
            {t('previous')}
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={!onNext}
            onClick={onNext ?? undefined}
            rightSection={<ChevronRight size={14} aria-hidden />}
          >
            {t('next')}
          </Button>
        </>
      )}
    </div>
  )
}
