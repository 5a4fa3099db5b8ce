// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core'
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import '@/i18n/i18n'
import { Fetched } from './Fetched'
import type { Failure } from './State'

const offline: Failure = { message: '', networkError: new Error('away') }

afterEach(cleanup)

function show(value: string | undefined, error?: Failure) {
  const onRetry = vi.fn()
  render(
    <MantineProvider>
      <Fetched value={value} error={error} onRetry={onRetry} skeleton={<i>skeleton</i>}>
        {(text) => <b>{text}</b>}
      </Fetched>
    </MantineProvider>,
  )
  return onRetry
}

describe('what was asked for', () => {
  it('has its skeleton until it comes', () => {
    show(undefined)
    expect(screen.getByText('skeleton')).toBeTruthy()
  })

  it('says why it did not come, and asks again', () => {
    const onRetry = show(undefined, offline)
    expect(screen.getByRole('alert').textContent).toContain('does not answer')
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
    expect(onRetry).toHaveBeenCalledOnce()
  })

  it('stays when a refresh fails, and says that it may be old', () => {
    const onRetry = show('known', offline)
    expect(screen.getByText('known')).toBeTruthy()
    expect(screen.getByRole('status').textContent).toContain('out of date')
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
    expect(onRetry).toHaveBeenCalledOnce()
  })

  it('is not asked for again by someone who may not see it', () => {
    show(undefined, {
      message: '',
      graphQLErrors: [{ message: 'Not for this role.', extensions: { code: 'FORBIDDEN' } }],
    })
    expect(screen.getByText('This is not for your role')).toBeTruthy()
    expect(screen.queryByRole('button')).toBeNull()
  })
})
