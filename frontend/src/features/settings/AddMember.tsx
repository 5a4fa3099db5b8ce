import { Button, Group, Modal, PasswordInput, Select, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useMutation } from 'urql'
import { refusalOf } from '@/api/rejections'
import { graphql } from '@/gql/gql'
import type { Role } from '@/gql/graphql'
import { Refusal } from '@/ui/Refusal'
import { useLabels } from './labels'
import { roles } from './roles'

const AddMutation = graphql(`
  mutation AddMember($input: AddMemberInput!) { addMember(input: $input) { member { id } errors { message code field } } }
`)

const shortest = 12

export function AddMember({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const t = useLabels()
  const [{ fetching }, add] = useMutation(AddMutation)
  const [fields, setFields] = useState({ name: '', email: '', password: '', role: 'EDITOR' as Role })
  const [tried, setTried] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const set = (change: Partial<typeof fields>) => setFields({ ...fields, ...change })
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!fields.name || !fields.email || fields.password.length < shortest) return
    const { data, error } = await add({ input: fields })
    const refused = refusalOf(error, data?.addMember.errors)
    setRefusal(refused)
    if (refused !== null) return
    onClose()
    onDone()
  }
  return (
    <Modal opened onClose={onClose} title={t('addMember')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack>
          <TextInput
            label={t('name')}
            data-autofocus
            value={fields.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
            error={tried && !fields.name ? t('need') : undefined}
          />
          <TextInput
            label={t('email')}
            type="email"
            autoComplete="off"
            value={fields.email}
            onChange={(event) => set({ email: event.currentTarget.value })}
            error={tried && !fields.email ? t('need') : undefined}
          />
          <Select
            label={t('role')}
            description={t(`${fields.role}why`)}
            allowDeselect={false}
            value={fields.role}
            data={roles.map((role) => ({ value: role, label: t(role) }))}
            onChange={(role) => role && set({ role: role as Role })}
          />
          <PasswordInput
            label={t('firstPassword')}
            description={t('firstPasswordWhy')}
            autoComplete="new-password"
            value={fields.password}
            onChange={(event) => set({ password: event.currentTarget.value })}
            error={tried && fields.password.length < shortest ? t('shortPassword') : undefined}
          />
          <Refusal>{refusal}</Refusal>
          <Group justify="flex-end">
            <Button type="submit" loading={fetching}>
              {t('add')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
