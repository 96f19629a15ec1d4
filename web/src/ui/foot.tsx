import type { ComponentChildren } from 'preact'

/** How the form of a dialog ends: what went wrong and what is asked stand above its buttons, and all of it stays in sight. */
export function Foot({ problem, children }: { problem: string; children: ComponentChildren }) {
  return (
    <div class="foot">
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {children}
    </div>
  )
}
