import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Compass, TriangleAlert } from 'lucide-react'
import { Empty } from '@/ui/State'
import { useLabels } from './labels'

/** What is shown in place of a page that threw. */
export function Crash() {
  const t = useLabels()
  return (
    <main>
      <Empty
        icon={TriangleAlert}
        heading="h1"
        title={t('crash')}
        action={<Button onClick={() => window.location.reload()}>{t('reload')}</Button>}
      >
        {t('crashWhy')}
      </Empty>
    </main>
  )
}

export function NotFound() {
  const t = useLabels()
  return (
    <main>
      <Empty
        icon={Compass}
        heading="h1"
        title={t('notFound')}
        action={<Link to="/workflows">{t('home')}</Link>}
      >
        {t('notFoundWhy')}
      </Empty>
    </main>
  )
}
