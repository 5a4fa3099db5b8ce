// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core'
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import '@/i18n/i18n'
import { Confirm } from './Confirm'

afterEach(cleanup)

function ask(answer: string | null) {
  const calls = { onDone: vi.fn(), onClose: vi.fn() }
  render(
    <MantineProvider env="test">
      <Confirm title="Remove Ada?" confirm="Remove" onConfirm={async () => answer} {...calls}>
        They can no longer sign in.
      </Confirm>
    </MantineProvider>,
  )
  fireEvent.click(screen.getByRole('button', { name: 'Remove' }))
  return calls
}

describe('a question before something is taken away', () => {
  it('closes when it is done', async () => {
    const { onDone, onClose } = ask(null)
    await waitFor(() => expect(onDone).toHaveBeenCalledOnce())
    expect(onClose).toHaveBeenCalledOnce()
  })

  it('stays open and says why when it is refused', async () => {
    const { onDone, onClose } = ask('A tenant needs an owner.')
    expect((await screen.findByRole('alert')).textContent).toBe('A tenant needs an owner.')
    expect(onDone).not.toHaveBeenCalled()
    expect(onClose).not.toHaveBeenCalled()
  })
})
