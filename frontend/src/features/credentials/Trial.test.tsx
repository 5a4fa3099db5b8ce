// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core'
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { Provider } from 'urql'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fromValue } from 'wonka'
import '@/i18n/i18n'
import type { TestCredentialInput } from '@/gql/graphql'
import { Trial } from './Trial'

afterEach(cleanup)

function open(answer: object, subject: () => Omit<TestCredentialInput, 'url'> | null) {
  const executeMutation = vi.fn((_: { variables: { input: TestCredentialInput } }) =>
    fromValue({
      data: { testCredential: { outcome: null, code: null, message: null, errors: [], ...answer } },
    }),
  )
  const onTried = vi.fn()
  render(
    <MantineProvider env="test">
      <Provider value={{ executeMutation } as never}>
        <Trial trial="URL" subject={subject} onTried={onTried} />
      </Provider>
    </MantineProvider>,
  )
  fireEvent.change(screen.getByLabelText('Address to test with'), {
    target: { value: ' https://x.example ' },
  })
  fireEvent.click(screen.getByRole('button', { name: 'Test' }))
  return { executeMutation, onTried }
}

describe('the trial of a credential', () => {
  it('sends what is tried with the address, and says how it ended', async () => {
    const refused = { outcome: 'REFUSED', code: 'http_status', message: 'The server answered 401.' }
    const { executeMutation, onTried } = open(refused, () => ({ credentialId: 'c1' }))
    const status = await screen.findByRole('status')
    expect(status.textContent).toContain('Refused')
    expect(status.textContent).toContain('The server answered 401.')
    const input = executeMutation.mock.calls[0]?.[0].variables.input
    expect(input).toEqual({ credentialId: 'c1', url: 'https://x.example' })
    expect(onTried).toHaveBeenCalledOnce()
  })

  it('sends nothing while the form lacks something', () => {
    const { executeMutation } = open({}, () => null)
    expect(executeMutation).not.toHaveBeenCalled()
  })

  it('says why there was no trial', async () => {
    const errors = [{ message: 'There is no such credential.', code: 'not_found', field: null }]
    const { onTried } = open({ errors }, () => ({ credentialId: 'c1' }))
    expect((await screen.findByRole('alert')).textContent).toBe('There is no such credential.')
    expect(onTried).not.toHaveBeenCalled()
  })
})
