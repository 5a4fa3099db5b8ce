import { ActionIcon, Select } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useMutation } from 'urql'
import { refusalOf } from '@/api/rejections'
import { useViewer } from '@/frame/Viewer'
import { type FragmentType, readFragment } from '@/gql/fragment-masking'
import { graphql } from '@/gql/gql'
import type { MemberTable_MemberFragment, Role } from '@/gql/graphql'
import { Ago } from '@/ui/Ago'
import { Confirm } from '@/ui/Confirm'
import { Initials } from '@/ui/Initials'
import ui from '@/ui/ui.module.css'
import { useLabels } from './labels'
import { roles } from './roles'
import classes from './settings.module.css'

const MemberFragment = graphql(`
  fragment MemberTable_member on Member { id name email role joinedAt }
`)

const ChangeRole = graphql(`
  mutation ChangeMemberRole($input: ChangeMemberRoleInput!) {
    changeMemberRole(input: $input) { member { id role } errors { message code } }
  }
`)

const RemoveMutation = graphql(`
  mutation RemoveMember($input: RemoveMemberInput!) { removeMember(input: $input) { errors { message code } } }
`)

interface TableProps {
  rows: readonly FragmentType<typeof MemberFragment>[]
  onChanged: () => void
}

export function MemberTable({ rows, onChanged }: TableProps) {
  const t = useLabels()
  const [leaving, setLeaving] = useState<MemberTable_MemberFragment | null>(null)
  return (
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
          {readFragment(MemberFragment, rows).map((member) => (
            <Row key={member.id} member={member} onChanged={onChanged} onRemove={() => setLeaving(member)} />
          ))}
        </tbody>
      </table>
      {leaving && <Leave member={leaving} onClose={() => setLeaving(null)} onDone={onChanged} />}
    </div>
  )
}

interface RowProps {
  member: MemberTable_MemberFragment
  onChanged: () => void
  onRemove: () => void
}

function Row({ member, onChanged, onRemove }: RowProps) {
  const t = useLabels()
  const { memberId, may } = useViewer()
  const self = member.id === memberId
  return (
    <tr>
      <td>
        <span className={classes.member}>
          <Initials name={member.name} size={26} />
          <span>
            {member.name} {self && <span className="dim small">{t('you')}</span>}
          </span>
        </span>
      </td>
      <td className={`${ui.hideNarrow} dim`}>{member.email}</td>
      <td>
        {may('member:change-role') && !self ? (
          <RoleSelect member={member} onChanged={onChanged} />
        ) : (
          t(member.role)
        )}
      </td>
      <td className={`${ui.hideNarrow} dim`}>
        <Ago at={member.joinedAt} />
      </td>
      <td data-align="right">
        {may('member:remove') && !self && (
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

function RoleSelect({ member, onChanged }: Pick<RowProps, 'member' | 'onChanged'>) {
  const t = useLabels()
  const [{ fetching }, change] = useMutation(ChangeRole)
  const setRole = async (role: Role) => {
    const { data, error } = await change({ input: { memberId: member.id, role } })
    const refusal = refusalOf(error, data?.changeMemberRole.errors)
    if (refusal !== null) notifications.show({ color: 'red', message: refusal })
    onChanged()
  }
  return (
    <Select
      size="xs"
      maw={150}
      aria-label={t('roleOf', { name: member.name })}
      allowDeselect={false}
      disabled={fetching}
      value={member.role}
      data={roles.map((role) => ({ value: role, label: t(role) }))}
      onChange={(role) => role && void setRole(role as Role)}
    />
  )
}

interface LeaveProps {
  member: MemberTable_MemberFragment
  onClose: () => void
  onDone: () => void
}

function Leave({ member, onClose, onDone }: LeaveProps) {
  const t = useLabels()
  const [, remove] = useMutation(RemoveMutation)
  const run = async () => {
    const { data, error } = await remove({ input: { memberId: member.id } })
    return refusalOf(error, data?.removeMember.errors)
  }
  return (
    <Confirm
      title={t('removeTitle', { name: member.name })}
      confirm={t('removeMember')}
      onConfirm={run}
      onDone={onDone}
      onClose={onClose}
    >
      {t('removeWhy')}
    </Confirm>
  )
}
