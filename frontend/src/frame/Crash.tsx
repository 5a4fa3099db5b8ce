import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Compass, TriangleAlert } from 'lucide-react'
import { Empty } from '@/ui/State'
import { useLabels } from './labels'

/** What is shown in place of a page that threw. */
export function Crash() {
  const t = useLabels()
  return (
    <Empty
      icon={TriangleAlert}
      title={t('crash')}
      action={<Button onClick={() => window.location.reload()}>{t('reload')}</Button>}
    >
      {t('crashWhy')}
    </Empty>
  )
}

export function NotFound() {
  const t = useLabels()
  return (
    <Empty icon={Compass} title={t('notFound')} action={<Link to="/workflows">{t('home')}</Link>}>
      {t('notFoundWhy')}
    </Empty>
  )
}
