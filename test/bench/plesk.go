// A Plesk of the lab: the simulator, what was sent to it, and when a text was written to it.

package main

import (
	"bytes"
	"context"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

// latency is the times of a server that is nearly idle: a packet takes 20 ms, and each operation in it 2 ms.
var latency = plesksim.Options{PacketLatency: 20 * time.Millisecond, OperationLatency: 2 * time.Millisecond}

// busyLatency is the times of one with work to do: a packet takes 200 ms, whatever is in it. Even so it answers sooner than one that sets up
// a web site, which takes it seconds.
var busyLatency = plesksim.Options{PacketLatency: 200 * time.Millisecond, OperationLatency: 2 * time.Millisecond}

// traffic counts packets, by what they are for.
type traffic struct {
	packets int
	polls   int // that ask for the event log
	work    int // that are about objects: neither polls nor about the server itself
	writes  int // that can change something
	// operators counts the packets that hold an operation of the operator.
	operators map[string]int
}

// since is what came after an earlier count.
func (t traffic) since(before traffic) traffic {
	d := traffic{packets: t.packets - before.packets, polls: t.polls - before.polls, work: t.work - before.work, writes: t.writes - before.writes, operators: map[string]int{}}
	for name, n := range t.operators {
		if n -= before.operators[name]; n > 0 {
			d.operators[name] = n
		}
	}
	return d
}

// plesk is a simulated server that counts.
type plesk struct {
	*testbed.Simulator
	name string

	mu      sync.Mutex
	seen    traffic
	awaited map[string]chan time.Time // by the text that a write is to hold
}

// plesk starts a simulator.
func (l *lab) plesk(name string, o plesksim.Options) (*plesk, error) {
	p := &plesk{name: name, seen: traffic{operators: map[string]int{}}, awaited: map[string]chan time.Time{}}
	o.Hostname, o.OnPacket = name+".servers.example", p.note
	var err error
	p.Simulator, err = l.bed.Simulate(o)
	return p, err
}

// note counts a packet, after it was answered.
func (p *plesk) note(packet plesksim.Packet) {
	now := time.Now()
	operators := map[string]bool{}
	for _, operation := range packet.Operations {
		operator, _, _ := strings.Cut(operation, "/")
		operators[operator] = true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen.packets++
	for operator := range operators {
		p.seen.operators[operator]++
	}
	aboutServer := len(operators) == 1 && operators["server"]
	switch {
	case operators["event_log"]:
		p.seen.polls++
	case !aboutServer:
		p.seen.work++
	}
	if !packet.Writes {
		return
	}
	p.seen.writes++
	for text, reached := range p.awaited {
		if bytes.Contains(packet.Request, []byte(text)) {
			reached <- now
			delete(p.awaited, text)
		}
	}
}

// traffic is what has come so far.
func (p *plesk) traffic() traffic {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.seen
	now.operators = maps.Clone(now.operators)
	return now
}

// await returns a channel that tells when a write with a text has been answered.
func (p *plesk) await(text string) <-chan time.Time {
	reached := make(chan time.Time, 1)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.awaited[text] = reached
	return reached
}

// forget ends the wait for a text.
func (p *plesk) forget(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.awaited, text)
}

// patiently is how long it took from a moment until a write with a text was answered, or until patience was at its end.
func (p *plesk) patiently(ctx context.Context, text string, from time.Time, reached <-chan time.Time, patience time.Duration) (time.Duration, error) {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case at := <-reached:
		return at.Sub(from), nil
	case <-timer.C:
		p.forget(text)
		return time.Since(from), nil
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
}
