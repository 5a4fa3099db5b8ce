import { ActionIcon, Skeleton, Tooltip } from '@mantine/core'
import { ExternalLink } from 'lucide-react'
import { useEffect } from 'react'
import { useQuery } from 'urql'
import { CopyButton } from '@/ui/CopyButton'
import { WebhooksQuery } from '../documents'
import type { GraphNode } from '../model/graph'
import { useLabels } from './labels'
import classes from './NodePanel.module.css'

interface AddressesProps {
  workflowId: string
  node: GraphNode
  /** The server knows a new node only once it is saved. */
  saved: boolean
}

export function WebhookAddresses({ workflowId, node, saved }: AddressesProps) {
  const t = useLabels()
  const [{ data, fetching }, reload] = useQuery({
    query: WebhooksQuery,
    variables: { id: workflowId },
    pause: !saved,
  })
  const found = data?.workflow?.webhooks.find((webhook) => webhook.nodeId === node.id)
  useEffect(() => {
    if (saved) reload({ requestPolicy: 'network-only' })
  }, [saved, reload])
  if (!found) return fetching ? <Skeleton height={52} /> : <p className="dim small">{t('saveFirst')}</p>
  // Its address takes messages, and shows the page on which they are written.
  const method = isChatPage(node) ? null : found.method
  return (
    <dl className={classes.addresses} style={{ margin: 0 }} aria-label={t('webhookAddress')}>
      <Address
        name={t('test')}
        why={t('testWhy')}
        method={method}
        url={found.testUrl}
        copy={t('copyTest')}
        open={t('openTest')}
      />
      <Address
        name={t('production')}
        why={t('productionWhy')}
        method={method}
        url={found.productionUrl}
        copy={t('copyProduction')}
        open={t('openProduction')}
      />
    </dl>
  )
}

function isChatPage({ kind, parameters }: GraphNode): boolean {
  return kind === 'chatTrigger' && (parameters.mode ?? 'hostedChat') === 'hostedChat'
}

interface AddressProps {
  name: string
  why: string
  /** None where the address is that of a page. */
  method: string | null
  url: string
  /** What its buttons are called. */
  copy: string
  open: string
}

/** One address. What differs stands in its path; the host is the same for all and seen on the tooltip. */
function Address({ name, why, method, url, copy, open }: AddressProps) {
  return (
    <>
      <dt>
        <Tooltip label={why}>
          <span>{name}</span>
        </Tooltip>
      </dt>
      <dd>
        <code className={`mono cut ${classes.address}`} title={url}>
          {method} {new URL(url).pathname}
        </code>
        <CopyButton value={url} label={copy} />
        {method === null || method === 'GET' ? (
          <Tooltip label={open}>
            <ActionIcon
              component="a"
              href={url}
              target="_blank"
              rel="noreferrer"
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={open}
            >
              <ExternalLink size={14} aria-hidden />
            </ActionIcon>
          </Tooltip>
        ) : (
          <span />
        )}
      </dd>
    </>
  )
}
