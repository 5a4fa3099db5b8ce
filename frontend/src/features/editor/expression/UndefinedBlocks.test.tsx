// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { changeLanguage } from '@/i18n/i18n'
import { UndefinedBlocks } from './UndefinedBlocks'

afterEach(async () => {
  cleanup()
  await changeLanguage('en')
})

const blocks = ['{{ $json.a.b }}', '{{ $json.name.toUpper() }}', '{{ $json.a.b }}'].map((source) => ({
  source,
}))
const sentences = () => screen.queryAllByRole('listitem').map((item) => item.textContent)

describe('blocks that gave nothing', () => {
  it('are named as they are written, each once', () => {
    render(<UndefinedBlocks blocks={blocks} />)
    expect(sentences()).toEqual([
      '{{ $json.a.b }} gives undefined: there is nothing in its place.',
      '{{ $json.name.toUpper() }} gives undefined: there is nothing in its place.',
    ])
  })

  it('are told in the language of the person', async () => {
    await changeLanguage('fr')
    render(<UndefinedBlocks blocks={blocks.slice(1, 2)} />)
    expect(sentences()[0]).toMatch(/^\{\{ \$json\.name\.toUpper\(\) \}\} donne undefined/)
  })

  it('say nothing where there are none', () => {
    render(<UndefinedBlocks blocks={[]} />)
    expect(screen.queryByRole('list')).toBeNull()
  })
})
