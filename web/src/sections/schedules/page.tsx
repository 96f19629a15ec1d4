import type { ProblemError } from '../../api/client'
import { textAt, textOf } from '../../state/problems'
import { say } from '../../state/toast'
import { useInSight } from '../../ui/use-in-sight'
import { slugOf, type Form, type Schedule } from './form'
import { words } from './words'

interface Props {
  schedule: Schedule
  form: Form
  change: (part: Partial<Form>) => void
  problem: ProblemError | null
}

/** The name, and the page on which others book. */
export function Page({ schedule, form, change, problem }: Props) {
  const w = words.value
  const at = (field: string) => {
    const found = problem?.errors.find((each) => each.pointer.startsWith(`/${field}`))
    return found && textAt(found)
  }
  const ofSlug = at('slug') ?? (problem?.status === 409 ? textOf(problem) : undefined)
  const left = problem && !at('name') && !ofSlug ? textOf(problem) : undefined
  return (
    <fieldset>
      <legend class="hidden">{w.page}</legend>
      {schedule.slug && <Link path={`/book/${schedule.slug}`} />}
      <label>
        {w.name}
        <input required maxLength={200} value={form.name} aria-invalid={Boolean(at('name'))} onInput={(input) => change({ name: input.currentTarget.value })} />
      </label>
      <Problem said={at('name')} />
      <div class="slug">
        <label for="slug">
          {w.page}
        </label>
        <div class="joined">
          <span class="soft" aria-hidden="true">
            /book/
          </span>
          <input
            id="slug"
            value={form.slug}
            minLength={3}
            maxLength={60}
            pattern="[a-z0-9]([a-z0-9\-]*[a-z0-9])?"
            autocomplete="off"
            aria-invalid={Boolean(ofSlug)}
            aria-describedby="slug-hint slug-problem"
            onInput={(input) => change({ slug: input.currentTarget.value.toLowerCase() })}
          />
          {!form.slug && (
            <button type="button" onClick={() => change({ slug: slugOf(form.name) })}>
              {w.suggest}
            </button>
          )}
        </div>
        <p class="soft small" id="slug-hint">
          {w.addressHint}
        </p>
        <Problem id="slug-problem" said={ofSlug} />
      </div>
      <Problem said={left} />
    </fieldset>
  )
}

function Problem({ said, id }: { said: string | undefined; id?: string }) {
  const place = useInSight<HTMLParagraphElement>(said)
  return (
    <p ref={place} class="problem" role="alert" id={id}>
      {said}
    </p>
  )
}

function Link({ path }: { path: string }) {
  const w = words.value
  const url = `${location.origin}${path}`
  const copy = async () => {
    await navigator.clipboard.writeText(url)
    say(w.linkCopied)
  }
  return (
    <div class="public-link">
      <code>{url}</code>
      <button type="button" onClick={() => void copy().catch(() => say(url))}>
        {w.copyLink}
      </button>
      <a class="button" href={path} target="_blank" rel="noopener">
        {w.openPage}
      </a>
    </div>
  )
}
