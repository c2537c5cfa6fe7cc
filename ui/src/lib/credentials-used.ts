// The credentials a block, a plan or a command to approve uses. Only their names and ids are ever told. Pure.
export interface CredentialUse {
  name: string
  id?: string | undefined
}

// A command names several, a request one; a plan tells names, an approval ids besides.
interface Named {
  credentials?: readonly (string | CredentialUse)[] | null
  credential?: string | null
}

// Anything that may name them; most kinds of blocks name none.
export type UsesCredentials = object

export function credentialsUsed(of: UsesCredentials): CredentialUse[] {
  const { credentials, credential } = of as Named
  const all = (credentials ?? []).map((each) => (typeof each === 'string' ? { name: each } : each))
  return credential ? [...all, { name: credential }] : all
}

export function credentialsText(of: UsesCredentials): string | undefined {
  const names = credentialsUsed(of).map(({ name }) => name)
  return names.length > 0 ? names.join(', ') : undefined
}
