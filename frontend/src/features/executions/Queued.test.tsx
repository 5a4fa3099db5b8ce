// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import '@/i18n/i18n'
import { Queued } from './Queued'

afterEach(cleanup)

it('an execution in the queue says what it waits for', () => {
  render(<Queued status="QUEUED" />)
  expect(screen.getByRole('status').textContent).toContain('begins as soon as another execution ends')
})

it('one that is at work says nothing of a queue', () => {
  render(<Queued status="RUNNING" />)
  expect(screen.queryByRole('status')).toBeNull()
})
