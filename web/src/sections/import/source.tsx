import { useState } from 'preact/hooks'
import { importWords } from './words'

export interface Source {
  file: File | null
  text: string
}

/** A file, dropped or chosen, or else a pasted text. */
export function SourceFields({ source, change }: { source: Source; change: (source: Source) => void }) {
  const w = importWords.value
  const [over, setOver] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const file = event.dataTransfer?.files[0]
    if (file) change({ ...source, file })
  }
  return (
    <>
      <div
        class={over ? 'drop over' : 'drop'}
        onDragOver={(event) => (event.preventDefault(), setOver(true))}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <p>{source.file ? `${w.file}: ${source.file.name}` : w.drop}</p>
        <label class="choose">
          <input
            type="file"
            accept=".ics,.ical,.ifb,.txt,text/calendar"
            onChange={(input) => {
              const file = input.currentTarget.files?.[0]
              if (file) change({ ...source, file })
              input.currentTarget.value = ''
            }}
          />
          <span>{source.file ? w.take : w.choose}</span>
        </label>
      </div>
      {source.file ? (
        <button type="button" class="plain small" onClick={() => change({ ...source, file: null })}>
          {w.paste}
        </button>
      ) : (
        <label>
          {w.paste}
          <textarea
            rows={4}
            spellcheck={false}
            placeholder="BEGIN:VCALENDAR …"
            value={source.text}
            onInput={(input) => change({ file: null, text: input.currentTarget.value })}
          />
        </label>
      )}
    </>
  )
}
