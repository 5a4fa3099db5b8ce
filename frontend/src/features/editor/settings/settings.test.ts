import { describe, expect, it } from 'vitest'
import { settingsOf, withSettings } from './settings'

const workflow = '0198c1f0-0000-7000-8000-000000000001'

describe('the settings of a workflow', () => {
  it('are read, whatever a draft says', () => {
    const nothing = {
      timezone: null,
      timeoutSeconds: null,
      maxWaitSeconds: null,
      retentionDays: null,
      priority: 'normal',
      atOnce: { most: null, key: null, mostPerKey: null },
      onceKey: null,
      errorWorkflow: { which: 'default' },
    }
    expect(settingsOf({})).toEqual(nothing)
    expect(settingsOf(null)).toEqual(nothing)
    expect(settingsOf({ errorWorkflow: { which: 'workflow' } })).toEqual(nothing)
    expect(
      settingsOf({
        timezone: 'Europe/Paris',
        timeoutSeconds: 60,
        maxWaitSeconds: 30,
        retentionDays: 7,
        priority: 'high',
        atOnce: { most: 4, key: '={{ $json.id }}' },
        onceKey: 'x',
        errorWorkflow: { which: 'workflow', workflow },
      }),
    ).toEqual({
      timezone: 'Europe/Paris',
      timeoutSeconds: 60,
      maxWaitSeconds: 30,
      retentionDays: 7,
      priority: 'high',
      atOnce: { most: 4, key: '={{ $json.id }}', mostPerKey: null },
      onceKey: 'x',
      errorWorkflow: { which: 'workflow', workflow },
    })
  })

  it('change one at a time and keep what the form does not know', () => {
    const before = { executionOrder: 'v0', callers: { who: 'nobody' }, timezone: 'Europe/Paris' }
    const named = withSettings(before, { errorWorkflow: { which: 'workflow', workflow } })
    expect(named).toEqual({ ...before, errorWorkflow: { which: 'workflow', workflow } })
    expect(withSettings(named, { errorWorkflow: { which: 'nothing' } })).toEqual({
      ...before,
      errorWorkflow: { which: 'nothing' },
    })
    expect(withSettings(named, { errorWorkflow: { which: 'default' } })).toEqual(before)
    expect(withSettings(before, { priority: 'low', maxWaitSeconds: 5 })).toEqual({
      ...before,
      priority: 'low',
      maxWaitSeconds: 5,
    })
    expect(withSettings({ ...before, priority: 'low' }, { priority: 'normal' })).toEqual(before)
    const limited = withSettings(before, { atOnce: { most: 2, key: null, mostPerKey: null }, onceKey: 'x' })
    expect(limited).toEqual({ ...before, atOnce: { most: 2 }, onceKey: 'x' })
    const none = { most: null, key: null, mostPerKey: null }
    expect(withSettings(limited, { atOnce: none, onceKey: null })).toEqual(before)
    expect(withSettings(before, { timezone: null })).toEqual({
      executionOrder: 'v0',
      callers: { who: 'nobody' },
    })
  })
})
