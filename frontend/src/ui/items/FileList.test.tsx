// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core'
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { ItemsView } from './ItemsView'

const file = { mimeType: 'text/csv', fileName: 'orders.csv', size: 1234, key: 'ab' }
const items = [
  { index: 0, json: { a: 1 }, binary: { data: file } },
  { index: 1, json: { a: 2 }, binary: null },
]

function show(fileHref?: (key: string) => string) {
  render(
    <MantineProvider>
      <ItemsView
        items={items}
        total={2}
        page={0}
        pageSize={25}
        hasNext={false}
        onPage={() => {}}
        fileHref={fileHref}
      />
    </MantineProvider>,
  )
}

describe('items with files', () => {
  afterEach(cleanup)

  it('show name, type and size, and a link for whoever may have the file', () => {
    show((key) => `/files/1/${key}`)
    const link = screen.getByRole('link', { name: 'orders.csv' })
    expect(link.getAttribute('href')).toBe('/files/1/ab')
    expect(link.getAttribute('download')).toBe('orders.csv')
    expect(screen.getByText(/text\/csv · 1\.2 kB/)).toBeTruthy()
  })

  it('show the name alone to whoever may not', () => {
    show()
    expect(screen.queryByRole('link')).toBeNull()
    expect(screen.getByText('orders.csv')).toBeTruthy()
  })
})
