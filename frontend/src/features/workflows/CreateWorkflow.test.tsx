// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core'
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { type Client, CombinedError, Provider } from 'urql'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fromValue } from 'wonka'
import '@/i18n/i18n'
import { CreateWorkflow } from './CreateWorkflow'

vi.mock('@tanstack/react-router', () => ({ useNavigate: () => vi.fn() }))

afterEach(cleanup)

/** Chooses a file of so many bytes and sends it to a server that answers with `status`. */
function importFile(size: number, status = 200) {
  const response = { status } as Response
  const error = new CombinedError({ networkError: new Error('No answer that can be read'), response })
  const executeMutation = vi.fn(() => fromValue({ data: undefined, error, stale: false, hasNext: false }))
  render(
    <MantineProvider env="test">
      <Provider value={{ executeMutation } as unknown as Client}>
        <CreateWorkflow onClose={vi.fn()} onChanged={vi.fn()} />
      </Provider>
    </MantineProvider>,
  )
  fireEvent.click(screen.getByRole('radio', { name: /^A workflow file/ }))
  const file = new File(['{}'], 'orders.json', { type: 'application/json' })
  Object.defineProperty(file, 'size', { value: size })
  file.text = async () => '{}'
  const input = document.querySelector('input[type=file]')
  if (!input) throw new Error('There is nothing to choose a file with.')
  fireEvent.change(input, { target: { files: [file] } })
  fireEvent.click(screen.getByRole('button', { name: 'Create' }))
  return executeMutation
}

describe('the dialog of a new workflow', () => {
  it('sends no file that is larger than what is imported, and says how large it may be', async () => {
    const send = importFile(17_000_000)
    const refusal = await screen.findByRole('alert')
    expect(refusal.textContent).toContain('This file has 17 MB; at most 16 MB can be imported.')
    expect(send).not.toHaveBeenCalled()
  })

  it('sends a file of 16 MB, and says what to do where that is more than can be sent', async () => {
    const send = importFile(16_000_000, 413)
    const refusal = await screen.findByRole('alert')
    expect(refusal.textContent).toContain('This file is larger than what can be sent here at once.')
    expect(send).toHaveBeenCalledOnce()
  })

  it('says of every other answer what it says elsewhere', async () => {
    importFile(2, 503)
    expect((await screen.findByRole('alert')).textContent).toContain('The service is away for a moment.')
  })
})
