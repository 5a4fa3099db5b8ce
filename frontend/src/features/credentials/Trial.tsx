import { Alert, Button, Group, Stack, TextInput } from '@mantine/core'
import { PlugZap } from 'lucide-react'
import { useState } from 'react'
import { useMutation } from 'urql'
import { graphql } from '@/gql/gql'
import type { CredentialTestOutcome, TestCredentialInput } from '@/gql/graphql'
import { say } from '@/sentences/say'
import { Refusal } from '@/ui/Refusal'
import { useLabels } from './labels'
import { refusedOf } from './refused'
import type { CredentialType } from './useTypes'

const TestMutation = graphql(`
  mutation TestCredential($input: TestCredentialInput!) {
    testCredential(input: $input) { outcome code message errors { message code field } }
  }
`)

const colours = { ACCEPTED: 'green', REFUSED: 'red', UNREACHABLE: 'yellow' } as const satisfies Record<
  CredentialTestOutcome,
  string
>

interface TrialProps {
  trial: NonNullable<CredentialType['trial']>
  /** What is tried; `null` while it cannot be, since something is missing. */
  subject: () => Omit<TestCredentialInput, 'url'> | null
  onTried?: () => void
}

interface Told {
  outcome: CredentialTestOutcome
  said: string
}

/** Asks the other side whether it takes a credential, and says what it answered. */
export function Trial({ trial, subject, onTried }: TrialProps) {
  const t = useLabels()
  const [{ fetching }, test] = useMutation(TestMutation)
  const [url, setUrl] = useState('')
  const [told, setTold] = useState<Told | null>(null)
  const [refused, setRefused] = useState<{ message: string; field: string | null } | null>(null)
  const run = async () => {
    const tried = subject()
    setTold(null)
    setRefused(null)
    if (!tried) return
    const { data, error } = await test({ input: { ...tried, url: url.trim() || null } })
    const { outcome, code, message, errors } = data?.testCredential ?? {}
    setRefused(refusedOf(error, errors))
    if (!outcome) return
    setTold({ outcome, said: say({ message: message ?? '', code }) })
    onTried?.()
  }
  return (
    <Stack gap="xs">
      {trial === 'URL' && (
        <TextInput
          label={t('trialUrl')}
          description={t('trialUrlWhy')}
          type="url"
          placeholder="https://example.com/me"
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
          error={refused?.field === 'url' ? refused.message : undefined}
        />
      )}
      <Group>
        <Button
          variant="default"
          size="xs"
          leftSection={<PlugZap size={15} aria-hidden />}
          loading={fetching}
          onClick={() => void run()}
        >
          {t('test')}
        </Button>
      </Group>
      {told && (
        <Alert color={colours[told.outcome]} role="status" p="xs" title={t(told.outcome)}>
          {told.said}
        </Alert>
      )}
      <Refusal>{refused?.field === 'url' ? null : refused?.message}</Refusal>
    </Stack>
  )
}
