import { notifications } from '@mantine/notifications'
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { useApi } from '@/api/ApiContext'
import { WorkflowChanges } from './documents'
import { translate } from './labels'
import { type Draft, EditSession } from './model/EditSession'
import { editTransport } from './transport'

/** The editing of one workflow, for as long as its page is open; changes of other people arrive by themselves. */
export function useEditSession(workflowId: string, first: Draft) {
  const { client } = useApi()
  const [session] = useState(() => {
    const made = new EditSession(editTransport(client, workflowId), ({ type, message }) =>
      notifications.show({ color: type === 'conflict' ? 'yellow' : 'red', title: translate(type), message }),
    )
    made.open(first)
    return made
  })
  const state = useSyncExternalStore(session.subscribe, session.get)

  useEffect(() => {
    const { unsubscribe } = client.subscription(WorkflowChanges, { workflowId }).subscribe(({ data }) => {
      const change = data?.workflowChanges
      if (change && change.version > session.get().version)
        session.noticeChange(change.groupId ?? null, change.position)
    })
    return unsubscribe
  }, [client, workflowId, session])

  // What has not reached the server yet would be lost with the page.
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (session.get().saving !== 'saved') event.preventDefault()
    }
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [session])

  return useMemo(() => ({ session, state }), [session, state])
}
