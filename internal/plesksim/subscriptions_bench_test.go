// How fast the server is with 10,000 subscriptions in it.

package plesksim

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// manyWebspaces makes a server with n subscriptions of a plan, in the way that clients do.
func manyWebspaces(b *testing.B, n int) *Server {
	b.Helper()
	s := newServer(b, func(o *Options) { o.OnInvalidAnswer = nil })
	for begin := 0; begin < n; begin += 100 {
		var packet strings.Builder
		packet.WriteString("<packet><webspace>")
		for i := begin; i < min(begin+100, n); i++ {
			fmt.Fprintf(&packet, `<add><gen_setup><name>site%d.test</name><external-id>x%d</external-id></gen_setup>%s<plan-name>Unlimited</plan-name></add>`, i, i, virtual(fmt.Sprintf("user%d", i)))
		}
		packet.WriteString("</webspace></packet>")
		if answer := string(s.Packet([]byte(packet.String()))); strings.Contains(answer, "<status>error</status>") {
			b.Fatal(answer)
		}
	}
	return s
}

// One subscription read at a time among 10,000, each in a packet of its own.
func BenchmarkGetOneOf10000(b *testing.B) {
	s := manyWebspaces(b, 10_000)
	i := 0
	for b.Loop() {
		i++
		answer := s.Packet([]byte(fmt.Sprintf(`<packet><webspace><get><filter><name>site%d.test</name></filter><dataset><gen_info/><hosting/></dataset></get></webspace></packet>`, i%10_000)))
		if !strings.Contains(string(answer), "<status>ok</status>") {
			b.Fatal(string(answer))
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "ops/s")
}

// Subscriptions added, changed and deleted among 10,000: three operations each.
func BenchmarkWritesAmong10000(b *testing.B) {
	s := manyWebspaces(b, 10_000)
	i := 0
	for b.Loop() {
		i++
		name := fmt.Sprintf("new%d.test", i)
		for _, operation := range []string{
			`<add><gen_setup><name>` + name + `</name></gen_setup>` + virtual(fmt.Sprintf("new%d", i)) + `<plan-name>Unlimited</plan-name></add>`,
			`<set><filter><name>` + name + `</name></filter><values><gen_setup><description>d</description></gen_setup><limits>` + limit("max_db", "3") + `</limits></values></set>`,
			`<del><filter><name>` + name + `</name></filter></del>`,
		} {
			if answer := s.Packet([]byte(`<packet><webspace>` + operation + `</webspace></packet>`)); !strings.Contains(string(answer), "<status>ok</status>") {
				b.Fatal(string(answer))
			}
		}
	}
	b.ReportMetric(3*float64(b.N)/b.Elapsed().Seconds(), "ops/s")
}

// All 10,000 in one answer; heap-MB is what the server with them holds, peak-MB the most that the process had of the system.
func BenchmarkGetAll10000(b *testing.B) {
	s := manyWebspaces(b, 10_000)
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	defer func(held uint64) {
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(held)/1e6, "heap-MB")
		b.ReportMetric(float64(m.Sys)/1e6, "peak-MB")
	}(m.HeapAlloc)
	for b.Loop() {
		answer := s.Packet([]byte(`<packet><webspace><get><filter/><dataset><gen_info/><hosting/></dataset></get></webspace></packet>`))
		if n := bytes.Count(answer, []byte("<result>")); n != 10_000 {
			b.Fatalf("%d results", n)
		}
	}
}

// What the server waits for when its state is saved.
func BenchmarkEncodeState10000(b *testing.B) {
	s := manyWebspaces(b, 10_000)
	for b.Loop() {
		if _, err := s.encodeState(); err != nil {
			b.Fatal(err)
		}
	}
}
