/** What could not be sent, before what was written since. */
export function joined(failed: string, since: string): string {
  return since.trim() ? `${failed.trimEnd()} ${since.trimStart()}` : failed
}

/** Runs one after another, in the order in which they were asked for; one that fails stops no other. */
export function queue(): <Result>(run: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve()
  return (run) => {
    const turn = last.then(run, run)
    last = turn
    return turn
  }
}
