import { describe, expect, it } from 'vitest'
import { signInSearch } from './search'

describe('where sign-in leads', () => {
  it('is a path of this site only', () => {
    expect(signInSearch({ next: '/executions?status=FAILED' })).toEqual({ next: '/executions?status=FAILED' })
    for (const next of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      'javascript:alert(1)',
      7,
    ]) {
      expect(signInSearch({ next })).toEqual({})
    }
  })
})
