import { ActionIcon } from '@mantine/core'
import { KeyRound, PencilLine, PlugZap, Trash2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useMutation } from 'urql'
import { refusalOf } from '@/api/rejections'
import { useViewer } from '@/frame/Viewer'
import { type FragmentType, readFragment } from '@/gql/fragment-masking'
import { graphql } from '@/gql/gql'
import type { CredentialTable_CredentialFragment, CredentialTestOutcome } from '@/gql/graphql'
import { Ago } from '@/ui/Ago'
import { Confirm } from '@/ui/Confirm'
import { Pill } from '@/ui/Pill'
import ui from '@/ui/ui.module.css'
import { ChangeCredential, RotateCredential } from './ChangeCredential'
import { useLabels } from './labels'
import { TestCredential } from './TestCredential'
import type { CredentialType } from './useTypes'

const CredentialFragment = graphql(`
  fragment CredentialTable_credential on Credential {
    id name type version changedAt usedAt testOutcome testedAt
    fields { name value isSet }
  }
`)

const DeleteMutation = graphql(`
  mutation DeleteCredential($input: DeleteCredentialInput!) { deleteCredential(input: $input) { errors { message code } } }
`)

type Credential = CredentialTable_CredentialFragment

const tones = { ACCEPTED: 'green', REFUSED: 'red', UNREACHABLE: 'amber' } as const satisfies Record<
  CredentialTestOutcome,
  string
>

interface TableProps {
  rows: readonly FragmentType<typeof CredentialFragment>[]
  types: readonly CredentialType[]
  onChanged: () => void
}

/** What is open, and for which credential. */
interface Opened {
  what: 'change' | 'rotate' | 'test' | 'remove'
  credential: Credential
}

export function CredentialTable({ rows, types, onChanged }: TableProps) {
  const t = useLabels()
  const [opened, setOpened] = useState<Opened | null>(null)
  const typeOf = (credential: Credential) => types.find(({ kind }) => kind === credential.type)
  return (
    <div className={ui.tableCard}>
      <table className={ui.table}>
        <thead>
          <tr>
            <th scope="col">{t('name')}</th>
            <th scope="col">{t('type')}</th>
            <th scope="col" className={ui.hideNarrow}>
              {t('tested')}
            </th>
            <th scope="col" className={ui.hideNarrow}>
              {t('used')}
            </th>
            <th scope="col" className={ui.hideNarrow}>
              {t('changed')}
            </th>
            <td aria-hidden />
          </tr>
        </thead>
        <tbody>
          {readFragment(CredentialFragment, rows).map((credential) => (
            <tr key={credential.id}>
              <td className={ui.name}>{credential.name}</td>
              <td>{typeOf(credential)?.label ?? credential.type}</td>
              <td className={`${ui.hideNarrow} dim`}>
                <Tested credential={credential} />
              </td>
              <td className={`${ui.hideNarrow} dim`}>
                {credential.usedAt ? <Ago at={credential.usedAt} /> : t('never')}
              </td>
              <td className={`${ui.hideNarrow} dim`}>
                <Ago at={credential.changedAt} />
              </td>
              <td data-align="right">
                <Actions name={credential.name} onOpen={(what) => setOpened({ what, credential })} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {opened && (
        <Dialog
          opened={opened}
          type={typeOf(opened.credential)}
          onClose={() => setOpened(null)}
          onDone={onChanged}
        />
      )}
    </div>
  )
}

function Tested({ credential: { testOutcome, testedAt } }: { credential: Credential }) {
  const t = useLabels()
  if (!testOutcome || !testedAt) return t('never')
  return (
    <span className={ui.last}>
      <Pill tone={tones[testOutcome]}>{t(testOutcome)}</Pill>
      <Ago at={testedAt} />
    </span>
  )
}

function Actions({ name, onOpen }: { name: string; onOpen: (what: Opened['what']) => void }) {
  const t = useLabels()
  const { may } = useViewer()
  const action = (what: Opened['what'], icon: ReactNode) => (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={t(what === 'test' ? 'testOf' : what, { name })}
      onClick={() => onOpen(what)}
    >
      {icon}
    </ActionIcon>
  )
  return (
    <>
      {may('credential:update') && action('change', <PencilLine size={15} aria-hidden />)}
      {may('credential:update') && action('rotate', <KeyRound size={15} aria-hidden />)}
      {may('credential:test') && action('test', <PlugZap size={15} aria-hidden />)}
      {may('credential:delete') && action('remove', <Trash2 size={15} aria-hidden />)}
    </>
  )
}

interface DialogProps {
  opened: Opened
  type: CredentialType | undefined
  onClose: () => void
  onDone: () => void
}

function Dialog({ opened: { what, credential }, type, onClose, onDone }: DialogProps) {
  const shared = { credential, type, onClose, onDone }
  if (what === 'change') return <ChangeCredential {...shared} />
  if (what === 'rotate') return <RotateCredential {...shared} />
  if (what === 'test') return <TestCredential {...shared} />
  return <Remove {...shared} />
}

function Remove({ credential, onClose, onDone }: Omit<DialogProps, 'opened'> & { credential: Credential }) {
  const t = useLabels()
  const [, remove] = useMutation(DeleteMutation)
  const run = async () => {
    const { data, error } = await remove({ input: { credentialId: credential.id } })
    return refusalOf(error, data?.deleteCredential.errors)
  }
  return (
    <Confirm
      title={t('removeTitle', { name: credential.name })}
      confirm={t('removeConfirm')}
      onConfirm={run}
      onDone={onDone}
      onClose={onClose}
    >
      {t('removeWhy')}
    </Confirm>
  )
}
