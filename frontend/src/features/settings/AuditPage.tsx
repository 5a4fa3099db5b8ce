import { ScrollText } from 'lucide-react'
import { useState } from 'react'
import { useQuery } from 'urql'
import type { Json } from '@/api/scalars'
import { type FragmentType, readFragment } from '@/gql/fragment-masking'
import { graphql } from '@/gql/gql'
import { Ago } from '@/ui/Ago'
import { Fetched } from '@/ui/Fetched'
import { Pager } from '@/ui/Pager'
import { Empty, TableSkeleton } from '@/ui/State'
import ui from '@/ui/ui.module.css'
import { detailText, isId, wordsKey } from './audit'
import { useAuditLabels } from './auditLabels'
import { useLabels } from './labels'
import classes from './settings.module.css'

const AuditQuery = graphql(`
  query Audit($first: Int, $after: String, $last: Int, $before: String) {
    auditLog(first: $first, after: $after, last: $last, before: $before) {
      totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      nodes { id ...AuditRow_entry }
    }
  }
`)

const EntryFragment = graphql(`
  fragment AuditRow_entry on AuditEntry { id at actor actorKind action subject detail }
`)

const pageSize = 50

/** Who did what, and when; newest first. */
export function AuditPage() {
  const t = useLabels()
  const [page, setPage] = useState<{ first?: number; after?: string; last?: number; before?: string }>({
    first: pageSize,
  })
  const [{ data, error }, reload] = useQuery({ query: AuditQuery, variables: page })
  return (
    <Fetched
      value={data?.auditLog}
      error={error}
      onRetry={() => reload({ requestPolicy: 'network-only' })}
      skeleton={<TableSkeleton rows={10} columns={4} />}
    >
      {({ nodes, totalCount, pageInfo }) =>
        nodes.length === 0 ? (
          <Empty icon={ScrollText} title={t('auditEmptyTitle')}>
            {t('auditEmpty')}
          </Empty>
        ) : (
          <>
            <Entries entries={nodes} />
            <Pager
              total={totalCount}
              page={pageInfo}
              onTurn={(to) => setPage({ ...to, ...(to.before ? { last: pageSize } : { first: pageSize }) })}
            />
          </>
        )
      }
    </Fetched>
  )
}

type Named = FragmentType<typeof EntryFragment> & { id: string }

function Entries({ entries }: { entries: readonly Named[] }) {
  const t = useLabels()
  return (
    <div className={ui.tableCard}>
      <table className={ui.table}>
        <thead>
          <tr>
            <th scope="col">{t('when')}</th>
            <th scope="col">{t('who')}</th>
            <th scope="col">{t('what')}</th>
            <th scope="col" className={ui.hideNarrow}>
              {t('subject')}
            </th>
            <th scope="col" className={ui.hideNarrow}>
              {t('detail')}
            </th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Entry({ entry: masked }: { entry: FragmentType<typeof EntryFragment> }) {
  const { actionOf, actorOf, fieldOf } = useAuditLabels()
  const { at, actor, actorKind, action, subject, detail } = readFragment(EntryFragment, masked)
  return (
    <tr>
      <td className="dim" style={{ whiteSpace: 'nowrap' }}>
        <Ago at={at} />
      </td>
      <td>{actorOf(actor, actorKind)}</td>
      <td className={ui.name} title={action}>
        {actionOf(wordsKey(action)) ?? <span className="mono">{action}</span>}
        <span className={`${ui.onlyNarrow} dim small`}>
          <Subject text={subject} />
        </span>
      </td>
      <td className={`${ui.hideNarrow} ${ui.name}`}>
        <Subject text={subject} />
      </td>
      <td className={`${ui.hideNarrow} ${classes.detail} dim small cut`} title={JSON.stringify(detail)}>
        {detailText(detail as Json, fieldOf)}
      </td>
    </tr>
  )
}

function Subject({ text }: { text: string }) {
  if (!isId(text)) return text
  return (
    <span className="mono dim" title={text}>
      {text.slice(0, 8)}
    </span>
  )
}
