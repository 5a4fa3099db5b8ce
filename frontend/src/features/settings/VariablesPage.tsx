import { ActionIcon, Alert, Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core'
import { PencilLine, Plus, Trash2, Variable as VariableIcon } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { refusalOf } from '@/api/rejections'
import { useViewer } from '@/frame/Viewer'
import { graphql } from '@/gql/gql'
import type { VariablesQuery as VariablesData } from '@/gql/graphql'
import { Ago } from '@/ui/Ago'
import { Confirm } from '@/ui/Confirm'
import { Empty, Failed, TableSkeleton } from '@/ui/State'
import ui from '@/ui/ui.module.css'
import { useLabels } from './labels'
import classes from './settings.module.css'

const VariablesQuery = graphql(`
  query Variables { variables(first: 100) { totalCount nodes { id name value changedAt } } }
`)

const SetMutation = graphql(`
  mutation SetVariable($input: SetVariableInput!) { setVariable(input: $input) { variable { id } errors { message code } } }
`)

const DeleteMutation = graphql(`
  mutation DeleteVariable($input: DeleteVariableInput!) { deleteVariable(input: $input) { errors { message code } } }
`)

type Variable = VariablesData['variables']['nodes'][number]

/** Texts that every workflow can read. */
export function VariablesPage() {
  const t = useLabels()
  const { may } = useViewer()
  const [{ data, error, fetching }, reload] = useQuery({ query: VariablesQuery })
  const [editing, setEditing] = useState<Partial<Variable> | null>(null)
  const [leaving, setLeaving] = useState<Variable | null>(null)
  const refresh = () => reload({ requestPolicy: 'network-only' })
  const mayManage = may('variable:set')
  const variables = data?.variables.nodes
  const add = mayManage && (
    <Button size="xs" leftSection={<Plus size={15} aria-hidden />} onClick={() => setEditing({})}>
      {t('addVariable')}
    </Button>
  )
  return (
    <>
      <div className={classes.head}>
        <h2 style={{ margin: 0, fontSize: 16 }}>{t('variables')}</h2>
        {variables && variables.length > 0 && add}
      </div>
      {!variables && fetching && <TableSkeleton rows={4} columns={3} />}
      {!variables && error && <Failed error={error} onRetry={refresh} />}
      {variables?.length === 0 && (
        <Empty icon={VariableIcon} title={t('variablesEmptyTitle')} action={add}>
          {t('variablesEmpty')}
        </Empty>
      )}
      {variables && variables.length > 0 && (
        <VariableTable rows={variables} mayManage={mayManage} onEdit={setEditing} onRemove={setLeaving} />
      )}
      {editing && <EditVariable variable={editing} onClose={() => setEditing(null)} onDone={refresh} />}
      {leaving && <Leave variable={leaving} onClose={() => setLeaving(null)} onDone={refresh} />}
    </>
  )
}

interface TableProps {
  rows: readonly Variable[]
  mayManage: boolean
  onEdit: (variable: Variable) => void
  onRemove: (variable: Variable) => void
}

function VariableTable({ rows, mayManage, onEdit, onRemove }: TableProps) {
  const t = useLabels()
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
          {rows.map((variable) => (
            <tr key={variable.id}>
              <td className="mono">{variable.name}</td>
              <td className="cut" style={{ maxWidth: 360 }}>
                {variable.value}
              </td>
              <td className={`${ui.hideNarrow} dim`}>
                <Ago at={variable.changedAt} />
              </td>
              <td data-align="right" style={{ whiteSpace: 'nowrap' }}>
                {mayManage && (
                  <>
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={t('edit', { name: variable.name })}
                      onClick={() => onEdit(variable)}
                    >
                      <PencilLine size={15} aria-hidden />
                    </ActionIcon>
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={t('remove', { name: variable.name })}
                      onClick={() => onRemove(variable)}
                    >
                      <Trash2 size={15} aria-hidden />
                    </ActionIcon>
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface EditProps {
  variable: Partial<Variable>
  onClose: () => void
  onDone: () => void
}

function EditVariable({ variable, onClose, onDone }: EditProps) {
  const t = useLabels()
  const [{ fetching }, store] = useMutation(SetMutation)
  const [name, setName] = useState(variable.name ?? '')
  const [value, setValue] = useState(variable.value ?? '')
  const [tried, setTried] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const goodName = /^[A-Za-z]\w*$/.test(name)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!goodName) return
    const { data, error } = await store({ input: { name, value } })
    const refused = refusalOf(error, data?.setVariable.errors)
    setRefusal(refused)
    if (refused !== null) return
    onClose()
    onDone()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={variable.id ? t('edit', { name: variable.name ?? '' }) : t('addVariable')}
    >
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack>
          <TextInput
            label={t('name')}
            data-autofocus={!variable.id}
            readOnly={Boolean(variable.id)}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={tried && !goodName ? t('variableName') : undefined}
          />
          <Textarea
            label={t('value')}
            autosize
            minRows={2}
            data-autofocus={Boolean(variable.id)}
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
          {refusal && (
            <Alert color="red" role="alert" p="xs">
              {refusal}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button type="submit" loading={fetching}>
              {t('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function Leave({
  variable,
  onClose,
  onDone,
}: {
  variable: Variable
  onClose: () => void
  onDone: () => void
}) {
  const t = useLabels()
  const [{ fetching }, remove] = useMutation(DeleteMutation)
  const [refusal, setRefusal] = useState<string | null>(null)
  const run = async () => {
    const { data, error } = await remove({ input: { variableId: variable.id } })
    const refused = refusalOf(error, data?.deleteVariable.errors)
    setRefusal(refused)
    if (refused !== null) return
    onClose()
    onDone()
  }
  return (
    <Confirm
      title={t('removeVariableTitle', { name: variable.name })}
      confirm={t('removeMember')}
      busy={fetching}
      refusal={refusal}
      onConfirm={() => void run()}
      onClose={onClose}
    >
      {t('removeVariableWhy')}
    </Confirm>
  )
}
