import { Skeleton } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { Workflow as WorkflowIcon } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import type { CombinedError } from 'urql'
import { useApi } from '@/api/ApiContext'
import { useCatalogue } from '@/catalogue/useCatalogue'
import { BarTitle } from '@/frame/BarSlots'
import type { EditorQuery as EditorData } from '@/gql/graphql'
import { Empty, Failed } from '@/ui/State'
import { EditorQuery } from './documents'
import { Editor } from './Editor'
import { kindsOf } from './kindsOf'
import { useLabels } from './labels'
import { catalogueOf } from './model/kind'
import { NewCredentialContext, type RenderNewCredential } from './parameters/NewCredentialContext'

/** One workflow, to draw, try and publish. */
export function EditorPage({ renderNewCredential }: { renderNewCredential: RenderNewCredential }) {
  const { workflowId } = useParams({ from: '/frame/workflows/$workflowId' })
  return (
    <NewCredentialContext value={renderNewCredential}>
      <Opened key={workflowId} workflowId={workflowId} />
    </NewCredentialContext>
  )
}

function Opened({ workflowId }: { workflowId: string }) {
  const t = useLabels()
  const [{ data, error }, reload] = useOnce(workflowId)
  const [kinds, reloadKinds] = useCatalogue()
  const catalogue = useMemo(() => (kinds.data ? catalogueOf(kindsOf(kinds.data)) : null), [kinds.data])
  const failure = (data ? undefined : error) ?? (kinds.data ? undefined : kinds.error)

  if (data?.workflow && catalogue) {
    return <Editor workflow={data.workflow} catalogue={catalogue} />
  }
  if (failure) {
    const retry = () => {
      reload()
      reloadKinds({ requestPolicy: 'network-only' })
    }
    return <Failed error={failure} onRetry={retry} />
  }
  if (data && !data.workflow) {
    return (
      <Empty
        icon={WorkflowIcon}
        title={t('gone')}
        action={
          <Link to="/workflows" search={{}}>
            {t('toWorkflows')}
          </Link>
        }
      >
        {t('goneWhy')}
      </Empty>
    )
  }
  return <Loading />
}

interface Loaded {
  data?: EditorData
  error?: CombinedError
}

/** Loaded once: from then on the session keeps the draft, and must not be overwritten by what the cache refreshes. */
function useOnce(workflowId: string) {
  const { client } = useApi()
  const [result, setResult] = useState<Loaded>({})
  const [attempt, setAttempt] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is another load
  useEffect(() => {
    let wanted = true
    const loading = client
      .query(EditorQuery, { id: workflowId }, { requestPolicy: 'network-only' })
      .toPromise()
    void loading.then(({ data, error }) => wanted && setResult({ data, error }))
    return () => {
      wanted = false
    }
  }, [client, workflowId, attempt])
  return [result, () => setAttempt((number) => number + 1)] as const
}

/** Cards where cards will be. */
function Loading() {
  const t = useLabels()
  return (
    <div role="status" aria-label={t('loading')} style={{ display: 'flex', gap: 88, padding: '22vh 10vw' }}>
      <BarTitle>
        <Skeleton height={14} width={180} />
      </BarTitle>
      {[0, 1, 2].map((place) => (
        <Skeleton key={place} height={64} width={200} radius={10} style={{ flex: 'none' }} />
      ))}
    </div>
  )
}
