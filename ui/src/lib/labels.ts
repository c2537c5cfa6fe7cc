// Kubernetes' rules for labels, told while they are typed. The server's word decides.
const kName = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?$/
const kPrefix = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/
const kNameMax = 63
const kPrefixMax = 253

export function labelKeyFault(key: string): string | undefined {
  const slash = key.indexOf('/')
  const name = key.slice(slash + 1)
  if (slash >= 0) {
    const prefix = key.slice(0, slash)
    if (prefix.length > kPrefixMax || !kPrefix.test(prefix))
      return 'The part before "/" must be a lower-case DNS name.'
  }
  if (name.length > kNameMax) return `A key may have at most ${kNameMax} characters after its "/".`
  if (!kName.test(name))
    return 'A key has letters, digits, "-", "_" and ".", and begins and ends with a letter or digit.'
  return undefined
}

export function labelValueFault(value: string): string | undefined {
  if (value === '') return undefined
  if (value.length > kNameMax) return `A value may have at most ${kNameMax} characters.`
  if (!kName.test(value))
    return 'A value has letters, digits, "-", "_" and ".", and begins and ends with a letter or digit.'
  return undefined
}

export function labelFault(key: string, value: string): string | undefined {
  return labelKeyFault(key) ?? labelValueFault(value)
}

// Where the server's faults point at a label (RFC 6901).
export function labelPointer(key: string): string {
  return `/labels/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
}
