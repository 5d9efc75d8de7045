// Packets and operations that take their time.

package plesksim

import (
	"testing"
	"time"
)

// Operations queue up over all connections; what reads packets does not wait for them.
func TestLatency(t *testing.T) {
	const each = 20 * time.Millisecond
	s := newServer(t, func(o *Options) { o.PacketLatency, o.OperationLatency = each, each })
	c := start(t, s)
	begin := time.Now()
	done := make(chan string, 2)
	for range 2 {
		go func() {
			_, body, _ := c.do("<packet>" + getIDs + getIDs + "</packet>")
			done <- body
		}()
	}
	for range 2 {
		expect(t, <-done, lastID(1)+lastID(1))
	}
	if took := time.Since(begin); took < 5*each { // a packet's time and those of four operations
		t.Errorf("two packets with four operations took %v", took)
	}

	s.desk <- struct{}{} // another operation
	go func() {
		_, body, _ := c.do("<packet>" + getIDs + "</packet>")
		done <- body
	}()
	if body := c.post("hello"); body == "" { // which is no operation
		t.Error("no answer")
	}
	select {
	case body := <-done:
		t.Errorf("answered beside another operation: %s", body)
	default:
	}
	s.Stop() // does not wait for what has to wait
	if body := <-done; body != "" {
		t.Error(body)
	}
}
