// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core'
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import '@/i18n/i18n'
import { CredentialForm, type Refused } from './CredentialForm'
import type { FieldType, SavedField } from './form'

afterEach(cleanup)

const fields: FieldType[] = [
  { name: 'user', label: 'User', secret: false, required: true, rows: 1, options: [] },
  { name: 'password', label: 'Password', secret: true, required: true, rows: 1, options: [] },
]
const kept: SavedField[] = [
  { name: 'user', value: 'ada', isSet: true },
  { name: 'password', value: null, isSet: true },
]

function open(saved: SavedField[], answer: Refused | null = null) {
  const calls = { onSubmit: vi.fn(async () => answer), onClose: vi.fn(), onDone: vi.fn() }
  render(
    <MantineProvider env="test">
      <CredentialForm
        title="Shop"
        submit="Save"
        kind="basic"
        fields={fields}
        saved={saved}
        name="Shop"
        {...calls}
      />
    </MantineProvider>,
  )
  return calls
}

const write = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(new RegExp(`^${label}`)), { target: { value } })
const send = () => fireEvent.click(screen.getByRole('button', { name: 'Save' }))

describe('the dialog of a credential', () => {
  it('sends nothing while something is missing, and says where', async () => {
    const { onSubmit } = open([])
    send()
    expect(await screen.findAllByText('Fill this in')).toHaveLength(2)
    expect(onSubmit).not.toHaveBeenCalled()
  })

  it('hides what is written into a secret field', () => {
    open([])
    expect(screen.getByLabelText(/^Password/).getAttribute('type')).toBe('password')
    expect(screen.getByLabelText(/^User/).getAttribute('type')).not.toBe('password')
  })

  it('leaves a kept secret alone that is left empty, and sends what was changed', async () => {
    const { onSubmit, onDone, onClose } = open(kept)
    write('User', 'bob')
    send()
    await waitFor(() => expect(onDone).toHaveBeenCalledOnce())
    expect(onSubmit).toHaveBeenCalledWith('Shop', [{ name: 'user', value: 'bob' }])
    expect(onClose).toHaveBeenCalledOnce()
  })

  it('stays open and says at the field why the server did not take it', async () => {
    const { onDone } = open(kept, { message: 'Too long.', field: 'password' })
    write('Password', 'x')
    send()
    const sentence = await screen.findByText('Too long.')
    expect(sentence.id).not.toBe('')
    expect(screen.getByLabelText(/^Password/).getAttribute('aria-describedby')).toContain(sentence.id)
    expect(screen.queryByRole('alert')).toBeNull()
    expect(onDone).not.toHaveBeenCalled()
  })

  it('says under the form what is about no field', async () => {
    open(kept, { message: 'Somebody was faster.', field: null })
    send()
    expect((await screen.findByRole('alert')).textContent).toBe('Somebody was faster.')
  })
})
