import { ActionIcon, Button, Select } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { refusalOf } from '@/api/rejections'
import { useViewer } from '@/frame/Viewer'
import { graphql } from '@/gql/gql'
import type { MembersQuery as MembersData, Role } from '@/gql/graphql'
import { Ago } from '@/ui/Ago'
import { Confirm } from '@/ui/Confirm'
import { Initials } from '@/ui/Initials'
import { Failed, TableSkeleton } from '@/ui/State'
import ui from '@/ui/ui.module.css'
import { AddMember } from './AddMember'
import { useLabels } from './labels'
import { roles } from './roles'
import classes from './settings.module.css'

const MembersQuery = graphql(`
  query Members { members(first: 100) { totalCount nodes { id name email role joinedAt } } }
`)

const ChangeRole = graphql(`
  mutation ChangeMemberRole($input: ChangeMemberRoleInput!) {
    changeMemberRole(input: $input) { member { id role } errors { message code } }
  }
`)

const RemoveMutation = graphql(`
  mutation RemoveMember($input: RemoveMemberInput!) { removeMember(input: $input) { errors { message code } } }
`)

type Member = MembersData['members']['nodes'][number]

/** Who may do what here. */
export function MembersPage() {
  const t = useLabels()
  const { may } = useViewer()
  const [{ data, error, fetching }, reload] = useQuery({ query: MembersQuery })
  const [adding, setAdding] = useState(false)
  const [leaving, setLeaving] = useState<Member | null>(null)
  const refresh = () => reload({ requestPolicy: 'network-only' })
  const mayManage = may('member:add')
  const members = data?.members.nodes
  return (
    <>
      <div className={classes.head}>
        <h2 style={{ margin: 0, fontSize: 16 }}>{t('members')}</h2>
        {mayManage && (
          <Button size="xs" leftSection={<Plus size={15} aria-hidden />} onClick={() => setAdding(true)}>
            {t('addMember')}
          </Button>
        )}
      </div>
      {!members && fetching && <TableSkeleton rows={4} columns={4} />}
      {!members && error && <Failed error={error} onRetry={refresh} />}
      {members && (
        <div className={ui.tableCard}>
          <table className={ui.table}>
            <thead>
              <tr>
                <th scope="col">{t('name')}</th>
                <th scope="col" className={ui.hideNarrow}>
                  {t('email')}
                </th>
                <th scope="col">{t('role')}</th>
                <th scope="col" className={ui.hideNarrow}>
                  {t('joined')}
                </th>
                <td aria-hidden />
              </tr>
            </thead>
            <tbody>
              {members.map((member) => (
                <Row
                  key={member.id}
                  member={member}
                  mayManage={mayManage}
                  onChanged={refresh}
                  onRemove={() => setLeaving(member)}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Roles />
      {adding && <AddMember onClose={() => setAdding(false)} onDone={refresh} />}
      {leaving && <Leave member={leaving} onClose={() => setLeaving(null)} onDone={refresh} />}
    </>
  )
}

interface RowProps {
  member: Member
  mayManage: boolean
  onChanged: () => void
  onRemove: () => void
}

function Row({ member, mayManage, onChanged, onRemove }: RowProps) {
  const t = useLabels()
  const { memberId } = useViewer()
  const [{ fetching }, change] = useMutation(ChangeRole)
  const self = member.id === memberId
  const setRole = async (role: Role) => {
    const { data, error } = await change({ input: { memberId: member.id, role } })
    const refusal = refusalOf(error, data?.changeMemberRole.errors)
    if (refusal !== null) notifications.show({ color: 'red', message: refusal })
    onChanged()
  }
  return (
    <tr>
      <td>
        <span style={{ display: 'inline-flex', alignItems: 'center', gap: 10, fontWeight: 550 }}>
          <Initials name={member.name} size={26} />
          {member.name}
          {self && <span className="dim small">{t('you')}</span>}
        </span>
      </td>
      <td className={`${ui.hideNarrow} dim`}>{member.email}</td>
      <td>
        {mayManage && !self ? (
          <Select
            size="xs"
            w={150}
            aria-label={t('roleOf', { name: member.name })}
            allowDeselect={false}
            disabled={fetching}
            value={member.role}
            data={roles.map((role) => ({ value: role, label: t(role) }))}
            onChange={(role) => role && void setRole(role as Role)}
          />
        ) : (
          t(member.role)
        )}
      </td>
      <td className={`${ui.hideNarrow} dim`}>
        <Ago at={member.joinedAt} />
      </td>
      <td data-align="right">
        {mayManage && !self && (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('remove', { name: member.name })}
            onClick={onRemove}
          >
            <Trash2 size={15} aria-hidden />
          </ActionIcon>
        )}
      </td>
    </tr>
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

function Leave({ member, onClose, onDone }: { member: Member; onClose: () => void; onDone: () => void }) {
  const t = useLabels()
  const [{ fetching }, remove] = useMutation(RemoveMutation)
  const [refusal, setRefusal] = useState<string | null>(null)
  const run = async () => {
    const { data, error } = await remove({ input: { memberId: member.id } })
    const refused = refusalOf(error, data?.removeMember.errors)
    setRefusal(refused)
    if (refused !== null) return
    onClose()
    onDone()
  }
  return (
    <Confirm
      title={t('removeTitle', { name: member.name })}
      confirm={t('removeMember')}
      busy={fetching}
      refusal={refusal}
      onConfirm={() => void run()}
      onClose={onClose}
    >
      {t('removeWhy')}
    </Confirm>
  )
}
