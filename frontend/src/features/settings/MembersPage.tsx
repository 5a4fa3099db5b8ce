import { useState } from 'react'
import { useQuery } from 'urql'
import { PrimaryAction } from '@/frame/PrimaryAction'
import { useViewer } from '@/frame/Viewer'
import { graphql } from '@/gql/gql'
import { Fetched } from '@/ui/Fetched'
import { TableSkeleton } from '@/ui/State'
import { AddMember } from './AddMember'
import { useLabels } from './labels'
import { MemberTable } from './MemberTable'
import { roles } from './roles'
import classes from './settings.module.css'

const MembersQuery = graphql(`
  query Members { members(first: 100) { nodes { id ...MemberTable_member } } }
`)

/** Who may do what here. */
export function MembersPage() {
  const t = useLabels()
  const { may } = useViewer()
  const [{ data, error }, reload] = useQuery({ query: MembersQuery })
  const [adding, setAdding] = useState(false)
  const refresh = () => reload({ requestPolicy: 'network-only' })
  return (
    <>
      {may('member:add') && <PrimaryAction label={t('addMember')} onClick={() => setAdding(true)} />}
      <Fetched
        value={data?.members}
        error={error}
        onRetry={refresh}
        skeleton={<TableSkeleton rows={4} columns={4} />}
      >
        {({ nodes }) => <MemberTable rows={nodes} onChanged={refresh} />}
      </Fetched>
      <Roles />
      {adding && <AddMember onClose={() => setAdding(false)} onDone={refresh} />}
    </>
  )
}

/** What a role may do, in words, one click away. */
function Roles() {
  const t = useLabels()
  return (
    <details className={classes.rolesBox}>
      <summary>{t('rolesTitle')}</summary>
      <dl className={classes.roles}>
        {roles.map((role) => (
          <div key={role} style={{ display: 'contents' }}>
            <dt>{t(role)}</dt>
            <dd>{t(`${role}why`)}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
