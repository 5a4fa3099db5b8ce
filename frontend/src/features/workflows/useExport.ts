import { notifications } from '@mantine/notifications'
import { useClient } from 'urql'
import { refusalOf } from '@/api/rejections'
import { graphql } from '@/gql/gql'
import { fileName } from './fileName'
import { useLabels } from './labels'

const FileQuery = graphql(`
  query WorkflowFile($id: ID!) {
    workflow(id: $id) { id file }
  }
`)

/** Saves a workflow's draft as a file of Weft's format. */
export function useExport(workflow: { id: string; name: string }): () => Promise<void> {
  const t = useLabels()
  const client = useClient()
  return async () => {
    const { data, error } = await client.query(
      FileQuery,
      { id: workflow.id },
      { requestPolicy: 'network-only' },
    )
    const file = data?.workflow?.file
    if (!file) {
      notifications.show({ message: refusalOf(error, undefined) ?? t('exportGone') })
      return
    }
    const address = URL.createObjectURL(
      new Blob([`${JSON.stringify(file, null, 2)}\n`], { type: 'application/json' }),
    )
    const link = document.createElement('a')
    link.href = address
    link.download = `${fileName(workflow.name)}.json`
    link.click()
    URL.revokeObjectURL(address)
  }
}
