import { useEffect, useRef, useState } from 'preact/hooks'
import { changes } from '../../state/changes'

export interface Read<Value> {
  value: Value | undefined
  failed: boolean
  reload: () => Promise<void>
}

/** Read something for a view; again when `deps` change and when anything was changed elsewhere. The last answer counts. */
export function useRead<Value>(read: () => Promise<Value>, deps: readonly unknown[]): Read<Value> {
  const [state, setState] = useState<{ value?: Value; failed: boolean }>({ failed: false })
  const asked = useRef(0)
  const reload = async () => {
    const mine = ++asked.current
    try {
      const value = await read()
      if (mine === asked.current) setState({ value, failed: false })
    } catch {
      if (mine === asked.current) setState((was) => ({ ...was, failed: true }))
    }
  }
  useEffect(() => {
    void reload()
    return () => void (asked.current += 1)
  }, [...deps, changes.value])
  return { value: state.value, failed: state.failed, reload }
}
