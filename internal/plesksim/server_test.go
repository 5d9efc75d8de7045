// The server as a Go value: its identity, its Doer, many clients at once.

package plesksim

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
)

// A server that keeps its identity in a directory is trusted again after a restart.
func TestIdentityIsKept(t *testing.T) {
	dir := t.TempDir()
	first := newServer(t, func(o *Options) { o.TLSDir = dir })
	second := newServer(t, func(o *Options) { o.TLSDir = dir })
	other := newServer(t)
	if string(first.CA()) != string(second.CA()) || string(first.CA()) == string(other.CA()) {
		t.Error("the CA of the directory was not used")
	}
	start(t, second).ask(getIDs, lastID(1))
}

// The server is a Doer for changes behind a client's back.
func TestDo(t *testing.T) {
	s := newServer(t)
	res, err := customer.Add.One(t.Context(), s, customer.AddRequest{GenInfo: customer.NewGenInfo{ContactName: "A", Login: "alder", Password: "vX9!rTq27#"}})
	if err != nil || res.ID != 2 || len(res.GUID) != 36 {
		t.Errorf("%+v %v", res, err)
	}
	_, err = customer.Del.One(t.Context(), s, xmlapi.FilterRequest{Filter: customer.ByID(9)})
	if xmlapi.ClassOf(err) != xmlapi.NotFound {
		t.Error(err)
	}
	if n := s.Stats().Packets; n != 0 {
		t.Errorf("%d packets were counted", n)
	}
}

// Connections do not get in each other's way; -race watches.
func TestConcurrentClients(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	const clients, each = 32, 5
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() {
			for j := range each {
				login := fmt.Sprintf("user-%d-%d", i, j)
				_, body, err := c.do(`<packet><customer><add><gen_info><pname>A</pname><login>` + login + `</login><passwd>vX9!rTq27#</passwd></gen_info></add>
					<get><filter><login>` + login + `</login></filter><dataset><gen_info/></dataset></get><get><filter/><dataset><gen_info/><stat/></dataset></get></customer>
					<server><get><stat/><admin/><prefs/></get></server><event_log><get_events/></event_log></packet>`)
				if err != nil || !strings.Contains(body, "<login>"+login+"</login>") {
					t.Errorf("%v %s", err, body)
				}
			}
		})
	}
	all.Wait()
	if n := strings.Count(c.post(`<packet><customer><get><filter/><dataset/></get></customer></packet>`), "<data/>"); n != clients*each {
		t.Errorf("%d customers", n)
	}
}

func BenchmarkPacket(b *testing.B) {
	s := newServer(b, func(o *Options) { o.OnInvalidAnswer = nil })
	c := start(b, s)
	n := 0
	for b.Loop() {
		n++
		c.post(fmt.Sprintf(`<packet version="1.6.9.1"><customer><add><gen_info><cname>Company</cname><pname>Name</pname><login>u%d</login><passwd>vX9!rTq27#</passwd>`+
			`<email>u%d@example.com</email><country>SE</country></gen_info></add></customer></packet>`, n, n))
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "packets/s")
}
