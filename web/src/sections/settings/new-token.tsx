import { useState } from 'preact/hooks'
import type { Schemas } from '../../api/client'
import { theConfig } from '../../config'
import { sayDeed } from '../../state/deeds'
import { theApi } from '../../state/session'
import { endsAfter } from './checks'
import { Choice, Field, Group } from './form'
import { areaName, areasOf, scopesOf, verbName, wantedScopes, type Preset } from './scopes'
import { NO_TROUBLE, outside, troubleAt, troubleOf, under } from './trouble'
import { words } from './words'

const DAYS = ['30', '90', '365', '0'] as const
const FRESH = { name: '', preset: 'read' as Preset, days: '365' as string }
const FIELDS = ['/name', '/scopes', '/expires']

export function NewToken({ onMade }: { onMade: (token: Schemas['TokenResource']) => void }) {
  const w = words.value
  const all = scopesOf(theConfig().scope)
  const [typed, setTyped] = useState(FRESH)
  const [own, setOwn] = useState<ReadonlySet<string>>(new Set())
  const [trouble, setTrouble] = useState(NO_TROUBLE)
  const [busy, setBusy] = useState(false)
  const change = (part: Partial<typeof FRESH>) => setTyped({ ...typed, ...part })
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const scopes = wantedScopes(typed.preset, all, own)
    if (scopes.length === 0) return setTrouble(troubleAt('/scopes', w.scopesNeeded))
    setBusy(true)
    try {
      const expires = endsAfter(Number(typed.days), Date.now())
      const { data } = await theApi().POST('/v1/tokens', { body: { name: typed.name.trim(), scopes, expires } })
      onMade(data!)
      sayDeed(w.secretTitle.replace('{name}', data!.name))
      setTyped(FRESH)
      setOwn(new Set())
      setTrouble(NO_TROUBLE)
    } catch (error) {
      setTrouble(troubleOf(error))
    }
    setBusy(false)
  }
  const rest = outside(trouble, FIELDS)
  return (
    <Group title={w.newToken}>
      <form onSubmit={(event) => void submit(event)}>
        <Field label={w.tokenName} hint={w.tokenNameHint} problem={under(trouble, '/name')}>
          {(attributes) => <input {...attributes} required maxLength={200} autocomplete="off" value={typed.name} onInput={(input) => change({ name: input.currentTarget.value })} />}
        </Field>
        <Choice
          label={w.mayDo}
          value={typed.preset}
          choices={Object.entries(w.presets)}
          problem={under(trouble, '/scopes')}
          onChange={(preset) => change({ preset: preset as Preset })}
        />
        {typed.preset === 'own' && <Scopes all={all} own={own} onChange={setOwn} />}
        <Choice
          label={w.endsWhen}
          value={typed.days}
          choices={DAYS.map((days) => [days, w.lifetimes[days]])}
          problem={under(trouble, '/expires')}
          onChange={(days) => change({ days })}
        />
        {rest && (
          <p class="problem" role="alert">
            {rest}
          </p>
        )}
        <button type="submit" class="main" disabled={busy}>
          {w.makeToken}
        </button>
      </form>
    </Group>
  )
}

interface ScopesProps {
  all: readonly string[]
  own: ReadonlySet<string>
  onChange: (own: ReadonlySet<string>) => void
}

function Scopes({ all, own, onChange }: ScopesProps) {
  const flip = (scope: string) => {
    const next = new Set(own)
    if (!next.delete(scope)) next.add(scope)
    onChange(next)
  }
  return (
    <div class="scopes field">
      {[...areasOf(all)].map(([area, verbs]) => (
        <fieldset key={area}>
          <legend>{areaName(area)}</legend>
          {verbs.map((verb) => (
            <label class="check" key={verb}>
              <input type="checkbox" checked={own.has(`${area}:${verb}`)} onChange={() => flip(`${area}:${verb}`)} />
              {verbName(verb)}
            </label>
          ))}
        </fieldset>
      ))}
    </div>
  )
}
