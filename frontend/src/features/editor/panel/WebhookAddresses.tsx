import { Skeleton, Tooltip } from '@mantine/core'
import { useEffect } from 'react'
import { useQuery } from 'urql'
import { CopyButton } from '@/ui/CopyButton'
import { WebhooksQuery } from '../documents'
import { useLabels } from './labels'
import classes from './NodePanel.module.css'

interface AddressesProps {
  workflowId: string
  nodeId: string
  /** The server knows a new node only once it is saved. */
  saved: boolean
}

export function WebhookAddresses({ workflowId, nodeId, saved }: AddressesProps) {
  const t = useLabels()
  const [{ data, fetching }, reload] = useQuery({
    query: WebhooksQuery,
    variables: { id: workflowId },
    pause: !saved,
  })
  const found = data?.workflow?.webhooks.find((webhook) => webhook.nodeId === nodeId)
  useEffect(() => {
    if (saved) reload({ requestPolicy: 'network-only' })
  }, [saved, reload])
  if (!found) return fetching ? <Skeleton height={52} /> : <p className="dim small">{t('saveFirst')}</p>
  return (
    <dl className={classes.addresses} style={{ margin: 0 }} aria-label={t('webhookAddress')}>
      <dt>
        <Tooltip label={t('testWhy')}>
          <span>{t('test')}</span>
        </Tooltip>
      </dt>
      <dd>
        <code className={`mono cut ${classes.address}`} title={found.testUrl}>
          &lrm;{found.method} {found.testUrl}
        </code>
        <CopyButton value={found.testUrl} label={t('copyTest')} />
      </dd>
      <dt>
        <Tooltip label={t('productionWhy')}>
          <span>{t('production')}</span>
        </Tooltip>
      </dt>
      <dd>
        <code className={`mono cut ${classes.address}`} title={found.productionUrl}>
          &lrm;{found.method} {found.productionUrl}
        </code>
        <CopyButton value={found.productionUrl} label={t('copyProduction')} />
      </dd>
    </dl>
  )
}
