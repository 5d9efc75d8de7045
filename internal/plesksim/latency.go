// Latency: how long the server is busy with a packet and with each operation in it.

package plesksim

import "time"

// slow makes each operation of a packet take Options.OperationLatency. The server makes one change at a time, so they queue up across
// all connections. What only reads waits for no other packet.
func (s *Server) slow(x *exchange, p *packet) {
	if s.opts.OperationLatency == 0 {
		return
	}
	p.work = func(writes bool, execute func() []any) []any {
		if writes {
			select {
			case s.desk <- struct{}{}:
				defer func() { <-s.desk }()
			case <-x.stopped():
				abort()
			}
		}
		x.pass(s.opts.OperationLatency)
		return execute()
	}
}

// pass waits for a time, as wait does.
func (x *exchange) pass(d time.Duration) { x.wait(Fault{Delay: d}) }
