import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Terminal } from 'lucide-react'
import { useState } from 'react'
import { useApi } from '@/api/ApiContext'
import type { Json } from '@/api/scalars'
import { graphql } from '@/gql/gql'
import { callOf, curlOf } from './curl'
import { useLabels } from './labels'

const CallQuery = graphql(`
  query TriggerCall($executionId: ID!, $nodeId: ID!) {
    execution(id: $executionId) {
      id
      graph { nodes { id parameters } }
      steps(nodeId: $nodeId, first: 1) { id output(first: 1) { items { index json } } }
    }
  }
`)

interface CopyCurlProps {
  executionId: string
  triggerNode: string
}

/** Copies a command line that makes the webhook's call again. Asked for when it is wanted: bodies can be large. */
export function CopyCurl({ executionId, triggerNode }: CopyCurlProps) {
  const t = useLabels()
  const { client } = useApi()
  const [busy, setBusy] = useState(false)
  const copy = async () => {
    setBusy(true)
    const { data } = await client.query(CallQuery, { executionId, nodeId: triggerNode }).toPromise()
    setBusy(false)
    const item = data?.execution?.steps[0]?.output?.items[0]?.json
    const node = data?.execution?.graph.nodes.find(({ id }) => id === triggerNode)
    const { httpMethod = 'GET' } = (node?.parameters ?? {}) as { httpMethod?: string }
    const call = callOf((item ?? null) as Json, httpMethod)
    const copied = call !== null && (await written(curlOf(call)))
    notifications.show(copied ? { message: t('curlCopied') } : { color: 'red', message: t('curlNot') })
  }
  return (
    <Button
      size="xs"
      variant="default"
      loading={busy}
      leftSection={<Terminal size={14} aria-hidden />}
      onClick={() => void copy()}
    >
      {t('copyCurl')}
    </Button>
  )
}

async function written(text: string): Promise<boolean> {
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  )
}
