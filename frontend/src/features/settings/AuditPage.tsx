import { ScrollText } from 'lucide-react'
import { useState } from 'react'
import { useQuery } from 'urql'
import { graphql } from '@/gql/gql'
import { Ago } from '@/ui/Ago'
import { Pager } from '@/ui/Pager'
import { Empty, Failed, TableSkeleton } from '@/ui/State'
import ui from '@/ui/ui.module.css'
import { useLabels } from './labels'

const AuditQuery = graphql(`
  query Audit($first: Int, $after: String, $last: Int, $before: String) {
    auditLog(first: $first, after: $after, last: $last, before: $before) {
      totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      nodes { id position at actor action subject detail }
    }
  }
`)

const pageSize = 50

/** Who did what, and when; newest first. */
export function AuditPage() {
  const t = useLabels()
  const [page, setPage] = useState<{ first?: number; after?: string; last?: number; before?: string }>({
    first: pageSize,
  })
  const [{ data, error, fetching }, reload] = useQuery({ query: AuditQuery, variables: page })
  const log = data?.auditLog
  if (!log && fetching) return <TableSkeleton rows={10} columns={4} />
  if (!log && error) return <Failed error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />
  if (!log || log.nodes.length === 0) {
    return (
      <Empty icon={ScrollText} title={t('auditEmptyTitle')}>
        {t('auditEmpty')}
      </Empty>
    )
  }
  const { hasNextPage, hasPreviousPage, startCursor, endCursor } = log.pageInfo
  return (
    <>
      <div className={ui.tableCard}>
        <table className={ui.table}>
          <thead>
            <tr>
              <th scope="col">{t('when')}</th>
              <th scope="col">{t('who')}</th>
              <th scope="col">{t('what')}</th>
              <th scope="col">{t('subject')}</th>
              <th scope="col" className={ui.hideNarrow}>
                {t('detail')}
              </th>
            </tr>
          </thead>
          <tbody>
            {log.nodes.map((entry) => (
              <tr key={entry.id}>
                <td className="dim" style={{ whiteSpace: 'nowrap' }}>
                  <Ago at={entry.at} />
                </td>
                <td>{entry.actor}</td>
                <td className="mono">{entry.action}</td>
                <td>{entry.subject}</td>
                <td
                  className={`${ui.hideNarrow} mono dim cut`}
                  style={{ maxWidth: 320 }}
                  title={JSON.stringify(entry.detail)}
                >
                  {JSON.stringify(entry.detail)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Pager
        total={log.totalCount}
        onPrevious={
          hasPreviousPage ? () => setPage({ last: pageSize, before: startCursor ?? undefined }) : null
        }
        onNext={hasNextPage ? () => setPage({ first: pageSize, after: endCursor ?? undefined }) : null}
      />
    </>
  )
}
