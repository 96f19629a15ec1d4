import { Group } from './form'
import { Unready } from './listed'
import { useLoaded } from './loaded'
import { thePool } from './pool'
import { Password } from './pool-password'
import { SecondStep } from './pool-second-step'
import { explainPool, words } from './pool-words'
import { words as settings } from './words'

/** How somebody signs in at the pool, or that somebody else keeps that. */
export function SignIn() {
  const w = words.value
  const user = useLoaded(() => thePool().user(), explainPool)
  const { found } = user
  if (!found || found.provider) {
    const intro = found ? w.byOther.replace('{provider}', found.provider) : undefined
    return (
      <Group title={settings.value.signIn} intro={intro}>
        {!found && <Unready loaded={user} />}
      </Group>
    )
  }
  return (
    <>
      <SecondStep user={found} onChanged={user.again} />
      <Password />
    </>
  )
}
