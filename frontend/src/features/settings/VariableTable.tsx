import { ActionIcon } from '@mantine/core'
import { PencilLine, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useMutation } from 'urql'
import { refusalOf } from '@/api/rejections'
import { useViewer } from '@/frame/Viewer'
import { type FragmentType, readFragment } from '@/gql/fragment-masking'
import { graphql } from '@/gql/gql'
import type { VariableTable_VariableFragment } from '@/gql/graphql'
import { Ago } from '@/ui/Ago'
import { Confirm } from '@/ui/Confirm'
import ui from '@/ui/ui.module.css'
import { EditVariable } from './EditVariable'
import { useLabels } from './labels'
import classes from './settings.module.css'

const VariableFragment = graphql(`
  fragment VariableTable_variable on Variable { id name value changedAt }
`)

const DeleteMutation = graphql(`
  mutation DeleteVariable($input: DeleteVariableInput!) { deleteVariable(input: $input) { errors { message code } } }
`)

type Variable = VariableTable_VariableFragment

interface TableProps {
  rows: readonly FragmentType<typeof VariableFragment>[]
  onChanged: () => void
}

export function VariableTable({ rows, onChanged }: TableProps) {
  const t = useLabels()
  const [editing, setEditing] = useState<Variable | null>(null)
  const [leaving, setLeaving] = useState<Variable | null>(null)
  return (
    <div className={ui.tableCard}>
      <table className={ui.table}>
        <thead>
          <tr>
            <th scope="col">{t('name')}</th>
            <th scope="col">{t('value')}</th>
            <th scope="col" className={ui.hideNarrow}>
              {t('changed')}
            </th>
            <td aria-hidden />
          </tr>
        </thead>
        <tbody>
          {readFragment(VariableFragment, rows).map((variable) => (
            <tr key={variable.id}>
              <td className={`${ui.name} mono`}>{variable.name}</td>
              <td className={`${classes.value} cut`} title={variable.value}>
                {variable.value}
              </td>
              <td className={`${ui.hideNarrow} dim`}>
                <Ago at={variable.changedAt} />
              </td>
              <td data-align="right">
                <Actions
                  name={variable.name}
                  onEdit={() => setEditing(variable)}
                  onRemove={() => setLeaving(variable)}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {editing && <EditVariable variable={editing} onClose={() => setEditing(null)} onDone={onChanged} />}
      {leaving && <Leave variable={leaving} onClose={() => setLeaving(null)} onDone={onChanged} />}
    </div>
  )
}

function Actions({ name, onEdit, onRemove }: { name: string; onEdit: () => void; onRemove: () => void }) {
  const t = useLabels()
  const { may } = useViewer()
  return (
    <>
      {may('variable:set') && (
        <ActionIcon variant="subtle" color="gray" aria-label={t('edit', { name })} onClick={onEdit}>
          <PencilLine size={15} aria-hidden />
        </ActionIcon>
      )}
      {may('variable:delete') && (
        <ActionIcon variant="subtle" color="gray" aria-label={t('remove', { name })} onClick={onRemove}>
          <Trash2 size={15} aria-hidden />
        </ActionIcon>
      )}
    </>
  )
}

interface LeaveProps {
  variable: Variable
  onClose: () => void
  onDone: () => void
}

function Leave({ variable, onClose, onDone }: LeaveProps) {
  const t = useLabels()
  const [, remove] = useMutation(DeleteMutation)
  const run = async () => {
    const { data, error } = await remove({ input: { variableId: variable.id } })
    return refusalOf(error, data?.deleteVariable.errors)
  }
  return (
    <Confirm
      title={t('removeTitle', { name: variable.name })}
      confirm={t('removeMember')}
      onConfirm={run}
      onDone={onDone}
      onClose={onClose}
    >
      {t('removeVariableWhy')}
    </Confirm>
  )
}
