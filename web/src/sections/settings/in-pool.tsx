import { theConfig } from '../../config'
import { Unready } from './listed'
import { useLoaded } from './loaded'

/** A token with this scope is good at the API of the user pool itself. */
const SCOPE = 'aws.cognito.signin.user.admin'

/** Whether this home's accounts are those of a user pool that the app may speak with. */
export function hasPool(): boolean {
  return theConfig().scope.split(' ').includes(SCOPE)
}

/** A part that other homes do without. */
export function InPool({ part }: { part: 'Address' | 'SignIn' }) {
  const parts = useLoaded(() => import('./pool-parts'))
  if (!parts.found) return <Unready loaded={parts} />
  const Part = parts.found[part]
  return <Part />
}
