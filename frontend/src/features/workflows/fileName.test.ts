import { describe, expect, it } from 'vitest'
import { fileName } from './fileName'

describe('the name of an exported file', () => {
  it.each([
    ['Orders', 'Orders'],
    ['Été: commandes / factures', 'Été-commandes-factures'],
    ['../../etc/passwd', 'etc-passwd'],
    ['  ', 'workflow'],
    ['a'.repeat(200), 'a'.repeat(80)],
    [`${'a'.repeat(79)} b`, 'a'.repeat(79)],
    [`${'a'.repeat(79)}𝒳𝒳`, `${'a'.repeat(79)}𝒳`],
    ['con', 'workflow-con'],
    ['Lpt1.old', 'workflow-Lpt1.old'],
    ['Contacts', 'Contacts'],
  ])('of %j is %j', (name, expected) => {
    expect(fileName(name)).toBe(expected)
  })
})
