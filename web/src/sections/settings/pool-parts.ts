/** All that only a home with a user pool has: loaded there alone. */
export { Address } from './pool-address'
export { SignIn } from './pool-sign-in'
