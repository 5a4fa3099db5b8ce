import { ActionIcon, Button, Group, Modal, Stack, Tooltip } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Pencil, Pin, PinOff } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useClient } from 'urql'
import { firstItems } from '@/execution/firstItems'
import { ItemsView } from '@/ui/items/ItemsView'
import { Refusal } from '@/ui/Refusal'
import { type PinnedItem, pin, pinnedOf, readPinned, writtenOf } from '../model/pinned'
import { useLabels } from './labels'
import type { NodePanelProps } from './NodePanel'
import classes from './NodePanel.module.css'

const CodeEditor = lazy(() =>
  import('../expression/CodeEditor').then((module) => ({ default: module.CodeEditor })),
)

type PinProps = Pick<NodePanelProps, 'node' | 'graph' | 'executionId' | 'readOnly' | 'onEdit'>

/** Pins what a node gave last, takes that back, and lets a person write the items. */
export function PinActions({ node, graph, executionId, readOnly, onEdit }: PinProps) {
  const t = useLabels()
  const client = useClient()
  const [writing, setWriting] = useState(false)
  const pinned = pinnedOf(graph, node.id)
  if (readOnly) return null
  const store = (items: readonly PinnedItem[] | null) => onEdit([pin(node.id, items)])
  const toggle = async () => {
    if (pinned) return store(null)
    const found = executionId ? await firstItems(client, executionId, node.id) : null
    if (!found || found.items.length === 0) return setWriting(true)
    store(found.items as PinnedItem[])
    if (found.cut) notifications.show({ message: t('pinnedFirst', { count: found.items.length }) })
  }
  const label = pinned ? t('unpin') : t('pin')
  return (
    <Group gap={4}>
      <Tooltip label={label}>
        <ActionIcon
          variant={pinned ? 'light' : 'subtle'}
          color={pinned ? undefined : 'gray'}
          size="sm"
          aria-label={label}
          aria-pressed={pinned !== null}
          onClick={() => void toggle()}
        >
          {pinned ? <PinOff size={15} aria-hidden /> : <Pin size={15} aria-hidden />}
        </ActionIcon>
      </Tooltip>
      {pinned && (
        <Tooltip label={t('editPinned')}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={t('editPinned')}
            onClick={() => setWriting(true)}
          >
            <Pencil size={15} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )}
      {writing && <WritePinned before={pinned ?? []} onClose={() => setWriting(false)} onWritten={store} />}
    </Group>
  )
}

interface WriteProps {
  before: readonly PinnedItem[]
  onWritten: (items: readonly PinnedItem[]) => void
  onClose: () => void
}

function WritePinned({ before, onWritten, onClose }: WriteProps) {
  const t = useLabels()
  const [text, setText] = useState(() => writtenOf(before))
  const [wrong, setWrong] = useState(false)
  const keep = () => {
    const items = readPinned(text, before)
    setWrong(items === null)
    if (items === null) return
    onWritten(items)
    onClose()
  }
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t('editPinned')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Stack>
        <Suspense fallback={null}>
          <CodeEditor
            label={t('pinnedItems')}
            language="json"
            value={text}
            minLines={10}
            onChange={setText}
          />
        </Suspense>
        <Refusal>{wrong ? t('pinnedWrong') : null}</Refusal>
        <Group justify="flex-end">
          <Button onClick={keep}>{t('pin')}</Button>
        </Group>
      </Stack>
    </Modal>
  )
}

const perPage = 25

/** The items that stand in for what the node gives. */
export function PinnedItems({ items }: { items: readonly PinnedItem[] }) {
  const t = useLabels()
  const [page, setPage] = useState(0)
  const begin = page * perPage
  const shown = items.slice(begin, begin + perPage)
  return (
    <>
      <p className={classes.pinned}>{t('pinnedWhy')}</p>
      <ItemsView
        items={shown.map(({ json, binary }, at) => ({ index: begin + at, json, binary: binary ?? null }))}
        total={items.length}
        page={page}
        pageSize={perPage}
        hasNext={begin + perPage < items.length}
        onPage={setPage}
      />
    </>
  )
}
