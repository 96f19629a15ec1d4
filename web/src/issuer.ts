/** What needs the issuer: loaded when somebody signs in or out, or when a token is renewed; not to show the calendar. */
import { ErrorResponse, UserManager, WebStorageStateStore } from 'oidc-client-ts'
import type { Config } from './config'

export { ErrorResponse }

export function managerOf(config: Config): UserManager {
  return new UserManager({
    authority: config.issuer,
    client_id: config.clientId,
    redirect_uri: `${location.origin}/app/`,
    post_logout_redirect_uri: `${location.origin}/`,
    scope: config.scope,
    automaticSilentRenew: false,
    userStore: new WebStorageStateStore({ store: localStorage }),
  })
}
