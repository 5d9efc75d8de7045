// Faults: when they strike, and what a client sees of them.

package plesksim

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

const (
	addAlder   = `<customer><add><gen_info><pname>A</pname><login>alder</login><passwd>vX9!rTq27#</passwd></gen_info></add></customer>`
	added      = `<customer><add><result><status>ok</status><id>2</id><guid>§</guid></result></add></customer>`
	countAlder = `<customer><get><filter><login>alder</login></filter><dataset/></get></customer>`
	oneAlder   = `<customer><get><result><status>ok</status><filter-id>alder</filter-id><id>2</id><data/></result></get></customer>`
)

var noAlder = `<customer><get><result>` + failed("1013") + `<filter-id>alder</filter-id></result></get></customer>`

func TestFaultInPlaceOfAnOperation(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	remove := s.Inject(Fault{Operator: "customer", Operation: "add", Code: 1023, Text: "Disk <full>"})
	c.ask(addAlder+getIDs, `<customer><add><result><status>error</status><errcode>1023</errcode><errtext>Disk &lt;full&gt;</errtext></result></add></customer>`+lastID(1))
	c.ask(countAlder, noAlder)
	remove()
	c.ask(addAlder, added)
	// Executed: the operation took place, only its answer is a failure.
	s.Inject(Fault{Operation: "del", Code: 1023, Executed: true, Times: 1})
	c.ask(`<customer><del><filter><login>alder</login></filter></del></customer>`, `<customer><del><result>`+failed("1023")+`</result></del></customer>`)
	c.ask(countAlder, noAlder)
}

const getIDs = `<event_log><get-last-id/></event_log>`

func lastID(id int) string {
	return `<event_log><get-last-id><result><status>ok</status><id>` + idKey(int64(id)) + `</id></result></get-last-id></event_log>`
}

func TestFaultCounting(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	s.Inject(Fault{Operator: "server", Code: 1023, Nth: 2, Times: 2})
	answer := c.post(`<packet><server><get_protos/><get_protos/></server>` + getProtos + getProtos + `</packet>`)
	got := ""
	for _, part := range strings.SplitAfter(answer, "</result>") {
		switch {
		case strings.Contains(part, "<errcode>1023"):
			got += "x"
		case strings.Contains(part, "<protos>"):
			got += "."
		}
	}
	if got != ".xx." {
		t.Errorf("struck %s", got)
	}

	draw := func(seed uint64) (pattern string) {
		s := newServer(t, func(o *Options) { o.Seed = seed })
		c := start(t, s)
		s.Inject(Fault{Status: http.StatusBadGateway, Probability: 0.5})
		for range 40 {
			if status, _, _ := c.do("<packet>" + getProtos + "</packet>"); status == http.StatusOK {
				pattern += "."
			} else {
				pattern += "x"
			}
		}
		return pattern
	}
	first := draw(1)
	if n := strings.Count(first, "x"); n < 5 || n > 35 {
		t.Errorf("%d of 40 struck with probability 0.5", n)
	}
	if first != draw(1) {
		t.Error("the same seed gave another order")
	}
	if first == draw(2) {
		t.Error("another seed gave the same order")
	}
}

// Faults of the exchange: what the client sees, and whether the operation was executed.
func TestFaultsOfTheExchange(t *testing.T) {
	for _, test := range []struct {
		name     string
		fault    Fault
		executed bool
		check    func(t *testing.T, status int, body string, err error)
	}{
		{"gateway page", Fault{Status: http.StatusBadGateway}, false, func(t *testing.T, status int, body string, err error) {
			if status != http.StatusBadGateway || !strings.Contains(body, "<html>") || err != nil {
				t.Errorf("%d %s %v", status, body, err)
			}
		}},
		{"HTML instead of a packet", Fault{Body: "<html>Log in</html>"}, false, func(t *testing.T, status int, body string, err error) {
			if status != http.StatusOK || body != "<html>Log in</html>" || err != nil {
				t.Errorf("%d %s %v", status, body, err)
			}
		}},
		{"gateway timeout after the execution", Fault{Operation: "add", Status: http.StatusGatewayTimeout, Executed: true}, true, func(t *testing.T, status int, _ string, err error) {
			if status != http.StatusGatewayTimeout || err != nil {
				t.Errorf("%d %v", status, err)
			}
		}},
		{"cut body", Fault{Cut: 60}, true, func(t *testing.T, status int, body string, err error) {
			if status != http.StatusOK || len(body) != 60 || !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%d %q %v", status, body, err)
			}
		}},
		{"connection lost before", Fault{Operator: "customer", Drop: true}, false, func(t *testing.T, status int, _ string, err error) {
			if err == nil {
				t.Errorf("status %d", status)
			}
		}},
		{"answer lost", Fault{Operator: "customer", Operation: "add", Drop: true, Executed: true}, true, func(t *testing.T, status int, _ string, err error) {
			if err == nil {
				t.Errorf("status %d", status)
			}
		}},
		{"credentials refused", Fault{System: true, Code: 1001}, false, func(t *testing.T, _ int, body string, err error) {
			if err != nil {
				t.Fatal(err)
			}
			expect(t, body, refused("1001"))
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t)
			c := start(t, s)
			test.fault.Times = 1
			s.Inject(test.fault)
			status, body, err := c.do("<packet>" + addAlder + "</packet>")
			test.check(t, status, body, err)
			if test.executed {
				c.ask(countAlder, oneAlder)
			} else {
				c.ask(countAlder, noAlder)
			}
		})
	}
}

func TestFaultsThatWait(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	release := make(chan struct{})
	s.Inject(Fault{Operation: "add", Hold: release, Times: 1})
	done := make(chan string)
	go func() {
		_, body, _ := c.do("<packet>" + addAlder + "</packet>")
		done <- body
	}()
	// Others are answered while one waits.
	c.ask(countAlder, noAlder)
	close(release)
	expect(t, <-done, added)

	// A hanging exchange ends when the client gives up, or when the server stops.
	arrived := make(chan struct{})
	remove := s.Inject(Fault{Hold: arrived, Hang: true})
	ctx, giveUp := context.WithCancel(context.Background())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, strings.NewReader("<packet/>"))
	if err != nil {
		t.Fatal(err)
	}
	failures := make(chan error)
	go func() {
		res, err := c.http.Do(req)
		if err == nil {
			res.Body.Close()
		}
		failures <- err
	}()
	arrived <- struct{}{}
	giveUp()
	if err := <-failures; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	go func() {
		_, _, err := c.do("<packet/>")
		failures <- err
	}()
	arrived <- struct{}{}
	s.Stop()
	if err := <-failures; err == nil {
		t.Error("a stopped server answered")
	}
	remove()

	// The state and the address survive.
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	c.ask(countAlder, oneAlder)
}

// A client that gives up does not stop the operation that it asked for.
func TestClientLeavesDuringAnOperation(t *testing.T) {
	ended := make(chan Packet, 1)
	s := newServer(t, func(o *Options) { o.OnPacket = func(p Packet) { ended <- p } })
	c := start(t, s)
	arrived := make(chan struct{})
	s.Inject(Fault{Operation: "add", Hold: arrived, Times: 1})
	s.Inject(Fault{Operation: "add", Hold: arrived, Times: 1})
	ctx, giveUp := context.WithCancel(context.Background())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, strings.NewReader("<packet>"+addAlder+"</packet>"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header["HTTP_AUTH_LOGIN"], req.Header["HTTP_AUTH_PASSWD"] = []string{DefaultLogin}, []string{DefaultPassword}
	failed := make(chan error)
	go func() {
		res, err := c.http.Do(req)
		if err == nil {
			res.Body.Close()
		}
		failed <- err
	}()
	arrived <- struct{}{} // the first fault let go: the server works on the packet
	giveUp()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	arrived <- struct{}{}
	<-ended
	behind(t, s, countAlder, oneAlder)
}

func TestStatsAndRecording(t *testing.T) {
	packets := make(chan Packet, 10)
	s := newServer(t, func(o *Options) { o.OnPacket = func(p Packet) { packets <- p } })
	c := start(t, s)
	c.ask(addAlder+getIDs+getIDs, added+lastID(2)+lastID(2))
	c.post("hello")
	behind(t, s, countAlder, oneAlder)
	stats := s.Stats()
	c.post("<packet>" + updateMail("remove", "<name>nobody</name>") + "</packet>")
	if stats.Packets != 2 || stats.Writes != 1 || stats.Operations["customer/add"] != 1 || stats.Operations["event_log/get-last-id"] != 2 || len(stats.Operations) != 2 {
		t.Errorf("%+v", stats)
	}
	first, second, third := <-packets, <-packets, <-packets
	contains(t, first.Request, addAlder)
	contains(t, first.Response, "<id>2</id>")
	if first.Login != "admin" || first.Peer != "127.0.0.1" || first.Status != 200 || !first.Writes || first.Began.IsZero() ||
		string(second.Request) != "hello" || second.Writes {
		t.Errorf("%+v", first)
	}
	for p, want := range map[*Packet]string{&first: "customer/add event_log/get-last-id event_log/get-last-id", &second: "", &third: "mail/update/remove"} {
		if got := strings.Join(p.Operations, " "); got != want {
			t.Errorf("%s: operations %q, want %q", p.Request, got, want)
		}
	}
	s.ResetStats()
	if stats := s.Stats(); stats.Packets != 0 || len(stats.Operations) != 0 {
		t.Errorf("%+v", stats)
	}
}
