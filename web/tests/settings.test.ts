import { describe, expect, test } from 'vitest'
import { OfflineError, ProblemError } from '../src/api/client'
import { endsAfter, isQuietTime } from '../src/sections/settings/checks'
import { areasOf, presetOf, scopesOf, wantedScopes } from '../src/sections/settings/scopes'
import { outside, troubleOf, under } from '../src/sections/settings/trouble'
import { modern, zoneNames } from '../src/zones'

describe('what is in the way of a form', () => {
  const refused = troubleOf(
    new ProblemError(422, '/problems#invalid', 'It makes no sense.', [
      { pointer: '/agendaMail/at', detail: 'Not a time.' },
      { pointer: '/color', detail: 'No such field.' },
    ]),
  )

  test('is said at the field that it is about, also at a part of it', () => {
    expect(under(refused, '/agendaMail/at')).toBe('Not a time.')
    expect(under(refused, '/agendaMail')).toBe('Not a time.')
    expect(under(refused, '/agenda')).toBe('')
  })

  test('is said below the form where it is of none of its fields', () => {
    expect(outside(refused, ['/agendaMail'])).toBe('No such field.')
    expect(outside(refused, ['/agendaMail', '/color'])).toBe('')
    expect(outside(troubleOf(new ProblemError(409, '', 'Busy.')), ['/name'])).toBe('Busy.')
    expect(outside(troubleOf(new OfflineError()), ['/name'])).toContain('no network')
  })
})

describe('quiet hours', () => {
  test.each([
    ['22:00', '07:00', true],
    ['12:00', '13:00', true],
    ['00:00', '20:00', true],
    ['00:00', '20:01', false],
    ['08:00', '08:00', false],
    ['08:00', '07:59', false],
  ])('from %s to %s', (from, to, right) => {
    expect(isQuietTime(from, to)).toBe(right)
  })
})

describe('tokens', () => {
  const all = scopesOf('openid email offline_access events:read events:write changes:read')

  test('have the scopes of the API alone, by what they are about', () => {
    expect(all).toEqual(['events:read', 'events:write', 'changes:read'])
    expect([...areasOf(all)]).toEqual([['events', ['read', 'write']], ['changes', ['read']]])
  })

  test('may read, or do everything, or what was chosen', () => {
    expect(wantedScopes('read', all, new Set(['events:write']))).toEqual(['events:read', 'changes:read'])
    expect(wantedScopes('write', all, new Set())).toEqual(all)
    expect(wantedScopes('own', all, new Set(['events:write']))).toEqual(['events:write'])
  })

  test('are named by the choice that made them', () => {
    expect(presetOf(['changes:read', 'events:read'], all)).toBe('read')
    expect(presetOf(all, all)).toBe('write')
    expect(presetOf(['events:read'], all)).toBe('own')
  })

  test('end after so many days, or never', () => {
    expect(endsAfter(30, Date.parse('2026-11-23T08:00:00.123Z'))).toBe('2026-12-23T08:00:00Z')
    expect(endsAfter(0, 0)).toBeNull()
  })
})

describe('time zones', () => {
  test('have the names of today', () => {
    expect(modern('Asia/Saigon')).toBe('Asia/Ho_Chi_Minh')
    expect(modern('Europe/Berlin')).toBe('Europe/Berlin')
  })

  test('are each there once, with the one that is chosen whatever it is', () => {
    const names = zoneNames('Etc/GMT+8')
    expect(names).toContain('Etc/GMT+8')
    expect(names).toContain('UTC')
    expect(new Set(names).size).toBe(names.length)
    expect(names).not.toContain('Asia/Saigon')
  })
})
