// Packets and operations that take their time.

package plesksim

import (
	"strings"
	"testing"
	"time"
)

// Changes queue up over all connections; what only reads, and what reads packets, does not wait for them.
func TestLatency(t *testing.T) {
	const (
		each   = 20 * time.Millisecond
		change = "<customer><del><filter><id>99</id></filter></del></customer>"
	)
	s := newServer(t, func(o *Options) { o.PacketLatency, o.OperationLatency = each, each })
	c := start(t, s)
	begin := time.Now()
	done := make(chan string, 2)
	for range 2 {
		go func() {
			_, body, _ := c.do("<packet>" + change + change + "</packet>")
			done <- body
		}()
	}
	for range 2 {
		if body := <-done; strings.Count(body, "<errcode>1013</errcode>") != 2 {
			t.Error(body)
		}
	}
	if took := time.Since(begin); took < 5*each { // a packet's time and those of four changes
		t.Errorf("two packets with four changes took %v", took)
	}

	s.desk <- struct{}{} // another change
	go func() {
		_, body, _ := c.do("<packet>" + change + "</packet>")
		done <- body
	}()
	begin = time.Now()
	_, body, _ := c.do("<packet>" + getIDs + getIDs + "</packet>")
	expect(t, body, lastID(1)+lastID(1))
	if took := time.Since(begin); took < 3*each {
		t.Errorf("a packet with two operations took %v", took)
	}
	if body := c.post("hello"); body == "" { // which is no operation
		t.Error("no answer")
	}
	select {
	case body := <-done:
		t.Errorf("changed beside another change: %s", body)
	default:
	}
	s.Stop() // does not wait for what has to wait
	if body := <-done; body != "" {
		t.Error(body)
	}
}
