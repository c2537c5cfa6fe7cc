// What the listeners speak: TLS 1.2 and 1.3 with forward secrecy and authenticated ciphers, and nothing else.
import { once } from 'node:events'
import { type ConnectionOptions, type TLSSocket, connect } from 'node:tls'
import { expect, test } from '../support/fixtures.ts'

// What came about, or why nothing did.
async function shake(port: number, options: ConnectionOptions): Promise<TLSSocket | string> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options })
  return await new Promise((resolve) => {
    socket.on('error', (error) => resolve(error.message))
    socket.on('close', () => resolve('closed'))
    socket.on('secureConnect', () => resolve(socket))
  })
}

test('the agents’ listener speaks TLS 1.3 with forward secrecy alone', async ({ api }) => {
  const port = Number(new URL(api.controller.agentUrl).port)
  const good = await shake(port, { minVersion: 'TLSv1.3' })
  if (typeof good === 'string') throw new Error(good)
  expect(good.getProtocol()).toBe('TLSv1.3')
  expect(good.getCipher().name).toMatch(/GCM|CHACHA20/)
  expect(good.getEphemeralKeyInfo()).toMatchObject({ type: expect.stringMatching(/ECDH|X25519/) })
  // No renegotiation, and nothing to resume.
  expect(good.renegotiate({}, () => {})).toBe(false)
  let sessions = 0
  good.on('session', () => (sessions += 1))
  good.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  good.resume()
  await once(good, 'close')
  expect(sessions).toBe(0)

  const older: ConnectionOptions[] = [
    { maxVersion: 'TLSv1.2', minVersion: 'TLSv1.2' },
    { maxVersion: 'TLSv1.2', minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' },
    { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' },
  ]
  for (const options of older)
    expect(typeof (await shake(port, options)), JSON.stringify(options)).toBe('string')
  for (const ecdhCurve of ['secp224r1', 'secp256k1'])
    expect(typeof (await shake(port, { minVersion: 'TLSv1.3', ecdhCurve })), ecdhCurve).toBe('string')
})
