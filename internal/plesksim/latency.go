// Latency: how long the server is busy with a packet and with each operation in it.

package plesksim

import "time"

// slow lets the operations of a packet take their time. The server works on one operation at a time, so that they queue up over all
// connections; reading a packet and letting its caller in happens at the same time for many.
func (s *Server) slow(x *exchange, p *packet) {
	if s.opts.OperationLatency == 0 {
		return
	}
	p.work = func(execute func() []any) []any {
		select {
		case s.desk <- struct{}{}:
			defer func() { <-s.desk }()
		case <-x.stopped():
			abort()
		}
		x.pass(s.opts.OperationLatency)
		return execute()
	}
}

// pass waits. A client that leaves changes nothing: servers go on working. A server that stops ends it.
func (x *exchange) pass(d time.Duration) { x.wait(Fault{Delay: d}) }
