// A TCP proxy whose connections a test can cut: the network between an agent and its controller.
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

export class CuttingProxy {
  private readonly server: Server
  private readonly pairs = new Set<[Socket, Socket]>()
  bytes = 0 // passed from agent to controller
  cuts = 0
  private waiting: { bytes: number; wake: () => void }[] = []

  private constructor(private readonly targetPort: number) {
    this.server = createServer((agent) => this.accept(agent))
  }

  static async start(targetPort: number): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(targetPort)
    proxy.server.listen(0, '127.0.0.1')
    await once(proxy.server, 'listening')
    return proxy
  }

  get port(): number {
    const address = this.server.address()
    if (address === null || typeof address === 'string') throw new Error('proxy is not listening')
    return address.port
  }

  // Resolves once `count` more bytes came from the agent.
  passed(count: number): Promise<void> {
    return new Promise((wake) => this.waiting.push({ bytes: this.bytes + count, wake }))
  }

  // Resets every connection: towards the agent, towards the controller or both.
  cut(side: 'agent' | 'controller' | 'both'): void {
    for (const [agent, controller] of this.pairs) {
      if (side !== 'controller') agent.resetAndDestroy()
      else agent.destroy()
      if (side !== 'agent') controller.resetAndDestroy()
      else controller.destroy()
      this.cuts += 1
    }
    this.pairs.clear()
  }

  async stop(): Promise<void> {
    this.cut('both')
    this.server.close()
    await once(this.server, 'close')
  }

  private accept(agent: Socket): void {
    const controller = connect(this.targetPort, '127.0.0.1')
    const pair: [Socket, Socket] = [agent, controller]
    this.pairs.add(pair)
    for (const socket of pair) {
      socket.setNoDelay(true)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        this.pairs.delete(pair)
        agent.destroy()
        controller.destroy()
      })
    }
    agent.on('data', (data) => {
      this.bytes += data.length
      const due = this.waiting.filter((waiter) => waiter.bytes <= this.bytes)
      this.waiting = this.waiting.filter((waiter) => waiter.bytes > this.bytes)
      for (const waiter of due) waiter.wake()
    })
    agent.pipe(controller)
    controller.pipe(agent)
  }
}
