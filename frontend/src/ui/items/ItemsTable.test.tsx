// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core'
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import '@/i18n/i18n'
import { ItemsTable } from './ItemsTable'
import { fieldDragType } from './Schema'

afterEach(cleanup)

const items = [
  { index: 25, json: { 'first name': 'Ada' }, binary: null },
  { index: 26, json: { 'first name': 'Grace' }, binary: null },
]
const columns = ['first name']

describe('a table of items', () => {
  it('lets an item be chosen by its row and by its number', () => {
    const onChoose = vi.fn()
    render(
      <MantineProvider env="test">
        <ItemsTable items={items} columns={columns} chosen={{ index: 25, onChoose }} />
      </MantineProvider>,
    )
    const number = screen.getByRole('button', { name: 'Show expressions for item 26' })
    expect(number.getAttribute('aria-pressed')).toBe('false')
    fireEvent.click(number)
    fireEvent.click(screen.getByRole('cell', { name: 'Ada' }))
    expect(onChoose.mock.calls).toEqual([[26], [25]])
  })

  it('lets the head of a column be dragged, as what reads it', () => {
    render(
      <MantineProvider env="test">
        <ItemsTable items={items} columns={columns} draggable />
      </MantineProvider>,
    )
    const dataTransfer = { setData: vi.fn(), effectAllowed: '' }
    fireEvent.dragStart(screen.getByRole('columnheader', { name: 'first name' }), { dataTransfer })
    expect(dataTransfer.setData).toHaveBeenCalledWith(fieldDragType, '$json["first name"]')
  })
})
