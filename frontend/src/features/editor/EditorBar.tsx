import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { CircleCheck, CloudOff, LoaderCircle, Settings } from 'lucide-react'
import { useState } from 'react'
import { useQuery } from 'urql'
import { BarActions, BarTitle } from '@/frame/BarSlots'
import { Crumb } from '@/frame/Crumb'
import { useViewer } from '@/frame/Viewer'
import { graphql } from '@/gql/gql'
import classes from './Editor.module.css'
import { useLabels } from './labels'
import type { EditSession, EditState, Saving } from './model/EditSession'

/** Asked again after every mutation that returns the workflow: the dot on the button is always true. */
const StateQuery = graphql(`
  query WorkflowState($id: ID!) {
    workflow(id: $id) { id name state publishedVersion hasUnpublishedChanges }
  }
`)

interface EditorBarProps {
  workflow: { id: string; name: string }
  state: EditState
  session: EditSession
  readOnly: boolean
  onPublish: () => void
  onSettings: () => void
}

export function EditorBar({ workflow, state, session, readOnly, onPublish, onSettings }: EditorBarProps) {
  const t = useLabels()
  const { may } = useViewer()
  const [{ data }] = useQuery({ query: StateQuery, variables: { id: workflow.id } })
  const unpublished = data?.workflow?.hasUnpublishedChanges ?? false
  return (
    <>
      <BarTitle>
        <div className={classes.bar}>
          <Crumb to="/workflows">{t('workflows')}</Crumb>
          <Name
            name={workflow.name}
            readOnly={readOnly}
            onRename={(name) => session.edit([{ renameWorkflow: { name } }])}
          />
          {!readOnly && <SavingMark saving={state.saving} />}
        </div>
      </BarTitle>
      <BarActions>
        <Tooltip label={t('settings')}>
          <ActionIcon variant="subtle" color="gray" aria-label={t('settings')} onClick={onSettings}>
            <Settings size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
        {!readOnly && may('workflow:publish') && (
          <Tooltip label={t('unpublished')} disabled={!unpublished}>
            <Button
              size="xs"
              onClick={onPublish}
              rightSection={
                unpublished ? (
                  <span className={classes.publishDot} role="img" aria-label={t('unpublished')} />
                ) : undefined
              }
            >
              {t('publish')}
            </Button>
          </Tooltip>
        )}
      </BarActions>
    </>
  )
}

interface NameProps {
  name: string
  readOnly: boolean
  onRename: (name: string) => void
}

function Name({ name, readOnly, onRename }: NameProps) {
  const t = useLabels()
  const [text, setText] = useState(name)
  const [kept, setKept] = useState(name)
  const keep = () => {
    const wanted = text.trim()
    if (!wanted) return setText(kept)
    if (wanted === kept) return
    setKept(wanted)
    onRename(wanted)
  }
  return (
    <input
      className={classes.nameField}
      aria-label={t('rename')}
      value={text}
      readOnly={readOnly}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur()
        if (event.key === 'Escape') setText(kept)
      }}
    />
  )
}

const marks = { saved: CircleCheck, saving: LoaderCircle, offline: CloudOff }

function SavingMark({ saving }: { saving: Saving }) {
  const t = useLabels()
  const Icon = marks[saving]
  return (
    <span className={classes.saving} data-state={saving} role="status">
      <Icon size={13} aria-hidden />
      <span>{t(saving)}</span>
    </span>
  )
}
