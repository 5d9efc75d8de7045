// Sessions against the simulated server: the door, the slots, who the server is, the pool.

package session

import (
	"context"
	"crypto/x509"
	"errors"
	"sync"
	"testing"

	. "github.com/onsi/gomega"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/goleak"

	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t *testing.T) *plesksim.Server {
	t.Helper()
	sim, err := plesksim.New(plesksim.Options{OnInvalidAnswer: func(err error, _, _ []byte) { t.Error(err) }})
	if err != nil {
		t.Fatal(err)
	}
	if err := sim.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	return sim
}

func connect(t *testing.T, sim *plesksim.Server, parallel int, password string) *Session {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(sim.CA())
	c, err := xmlapi.New(xmlapi.Config{URL: sim.URL(), Username: plesksim.DefaultLogin, Password: xmlapi.Secret(password), RootCAs: roots, MaxConns: parallel, Addresses: xmlapi.Loopback})
	if err != nil {
		t.Fatal(err)
	}
	s := New(Config{Name: "hosting/web-01", Client: c, Parallel: parallel, Metrics: NewMetrics(prometheus.NewRegistry())})
	t.Cleanup(s.close)
	return s
}

func hello(d xmlapi.Doer) error {
	_, err := server.GetProtos.One(context.Background(), d, xmlapi.EmptyRequest{})
	return err
}

// remove is a write that changes nothing.
func remove(d xmlapi.Doer) error {
	_, err := customer.Del.One(context.Background(), d, xmlapi.FilterRequest{Filter: customer.ByID(99)})
	return err
}

func isClosed(err error) bool {
	_, ok := errors.AsType[*ClosedError](err)
	return ok
}

func TestDoorAndWrongCredentials(t *testing.T) {
	g := NewWithT(t)
	sim := start(t)
	s := connect(t, sim, 4, "wrong")
	g.Expect(xmlapi.ClassOf(hello(s))).To(Equal(xmlapi.Denied))
	packets := sim.Stats().Packets
	for range 5 {
		err := hello(s)
		g.Expect(isClosed(err)).To(BeTrue())
		g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Denied), "the cause is told")
	}
	g.Expect(sim.Stats().Packets).To(Equal(packets), "nothing is sent while the door is closed")
	g.Expect(hello(s.Probe())).NotTo(Succeed())
	g.Expect(sim.Stats().Packets).To(Equal(packets+1), "the probe knocks")
	g.Expect(s.Closed()).To(HaveOccurred())
}

func TestDoorAndOutage(t *testing.T) {
	g := NewWithT(t)
	sim := start(t)
	s := connect(t, sim, 4, plesksim.DefaultPassword)
	remove := sim.Inject(plesksim.Fault{Status: 502})
	for i := range closeAfter {
		g.Expect(s.Closed()).NotTo(HaveOccurred(), "after %d failures", i)
		g.Expect(xmlapi.ClassOf(hello(s))).To(Equal(xmlapi.Transient))
	}
	g.Expect(isClosed(hello(s))).To(BeTrue())
	remove()
	g.Expect(isClosed(hello(s))).To(BeTrue(), "only the probe finds out")
	g.Expect(hello(s.Probe())).To(Succeed())
	g.Expect(hello(s)).To(Succeed())
}

// What waits for a slot while the door closes is not sent after that.
func TestWhatWaitsIsNotSentThroughAClosedDoor(t *testing.T) {
	g := NewWithT(t)
	sim := start(t)
	s := connect(t, sim, 1, plesksim.DefaultPassword)
	hold := make(chan struct{})
	sim.Inject(plesksim.Fault{Operator: "server", Operation: "get_protos", Hold: hold, Code: xmlapi.CodeAuthentication, System: true})
	const waiting = 40
	errs := make(chan error, waiting)
	for range waiting {
		go func() { errs <- hello(s) }()
	}
	close(hold) // the first answer closes the door
	closed := 0
	for range waiting {
		if err := <-errs; isClosed(err) {
			closed++
		}
	}
	g.Expect(closed).To(Equal(waiting - 1))
	g.Expect(sim.Stats().Packets).To(Equal(1))
}

func TestDoorStaysOpenForRefusalsOfOneKind(t *testing.T) {
	g := NewWithT(t)
	sim := start(t)
	s := connect(t, sim, 4, plesksim.DefaultPassword)
	for _, f := range []plesksim.Fault{
		{Code: 1023}, {Code: 1006}, {Code: 1013}, // one operation
		{Code: 1004, System: true}, {Code: 1014, System: true}, // one packet: the server answers
	} {
		remove := sim.Inject(f)
		for range closeAfter + 1 {
			err := hello(s)
			g.Expect(err).To(HaveOccurred())
			g.Expect(isClosed(err)).To(BeFalse(), "%+v", f)
		}
		remove()
	}
}

// One object's values may spoil every answer that holds them. Whether all answers are like that, the probe finds out.
func TestAnswersThatCannotBeReadCloseTheDoorByTheProbe(t *testing.T) {
	g := NewWithT(t)
	sim := start(t)
	s := connect(t, sim, 4, plesksim.DefaultPassword)
	sim.Inject(plesksim.Fault{Operator: "server", Operation: "get_protos", Body: "<html>Log in</html>"})
	for range closeAfter + 1 {
		err := hello(s)
		g.Expect(err).To(HaveOccurred())
		g.Expect(isClosed(err)).To(BeFalse())
	}
	for range closeAfter {
		g.Expect(s.Closed()).NotTo(HaveOccurred())
		g.Expect(hello(s.Probe())).NotTo(Succeed())
	}
	g.Expect(s.Closed()).To(HaveOccurred())
}

// A refusal of the packet as a whole is an answer: it ends a row of packets without one, and opens a closed door.
func TestARefusedPacketIsAnAnswer(t *testing.T) {
	g := NewWithT(t)
	sim := start(t)
	s := connect(t, sim, 4, plesksim.DefaultPassword)
	fail := func(d xmlapi.Doer, times int, f plesksim.Fault) {
		remove := sim.Inject(f)
		defer remove()
		for range times {
			g.Expect(hello(d)).NotTo(Succeed())
		}
	}
	away, busy := plesksim.Fault{Status: 502}, plesksim.Fault{Code: 1004, System: true}
	fail(s, closeAfter-1, away)
	fail(s, 1, busy)
	fail(s, closeAfter-1, away)
	g.Expect(s.Closed()).NotTo(HaveOccurred(), "the row was interrupted by an answer")
	fail(s, 1, away)
	g.Expect(s.Closed()).To(HaveOccurred())
	fail(s.Probe(), 1, busy)
	g.Expect(s.Closed()).NotTo(HaveOccurred(), "the server answers")
}

func TestACancelledCallSaysNothingOfTheServer(t *testing.T) {
	g := NewWithT(t)
	s := connect(t, start(t), 1, plesksim.DefaultPassword)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for range closeAfter + 1 {
		_, err := server.GetProtos.One(ctx, s, xmlapi.EmptyRequest{})
		g.Expect(err).To(MatchError(context.Canceled))
	}
	g.Expect(s.Closed()).NotTo(HaveOccurred())
}

// TestSlots holds packets at the server and counts how many of them are there at once.
func TestSlots(t *testing.T) {
	g := NewWithT(t)
	sim := start(t)
	s := connect(t, sim, 2, plesksim.DefaultPassword)
	hold := make(chan struct{})
	sim.Inject(plesksim.Fault{Hold: hold})
	var callers sync.WaitGroup
	for range 5 {
		callers.Go(func() {
			err := remove(s) // reads would leave together
			if !xmlapi.IsNotFound(err) {
				t.Error(err)
			}
		})
	}
	for left := 5; left > 0; left -= 2 {
		arrived := min(7-left, 5)
		g.Eventually(func() int { return sim.Stats().Packets }).Should(Equal(arrived), "two at once")
		for range min(2, left) {
			hold <- struct{}{}
		}
	}
	callers.Wait()
}

func TestWitness(t *testing.T) {
	g := NewWithT(t)
	sim := start(t)
	s := connect(t, sim, 4, plesksim.DefaultPassword)
	is, err := server.Get.One(context.Background(), s, server.GetRequest{GenInfo: &xmlapi.Empty{}})
	g.Expect(err).NotTo(HaveOccurred())
	sim.ResetStats()

	w := s.Witness(Foreground)
	g.Expect(w.GUID()).To(BeEmpty(), "it has seen nobody yet")
	g.Expect(hello(w)).To(Succeed())
	g.Expect(w.GUID()).To(Equal(is.GenInfo.GUID))
	g.Expect(sim.Stats().Packets).To(Equal(1), "the question travels with the others")

	sim.Inject(plesksim.Fault{Operator: "server", Operation: "get", Code: 1023, Times: 1})
	g.Expect(xmlapi.ClassOf(hello(w))).To(Equal(xmlapi.Transient), "who does not say who it is has said nothing")
	w.guid = "another"
	wrong, _ := causes(hello(w))
	g.Expect(wrong).To(HaveValue(Equal(WrongServerError{Expected: "another", Actual: is.GenInfo.GUID})))
}

// Another server's answer is no answer, from the first packet on.
func TestWitnessOfAnotherServer(t *testing.T) {
	g := NewWithT(t)
	s := connect(t, start(t), 4, plesksim.DefaultPassword)
	is, err := server.Get.One(context.Background(), s, server.GetRequest{GenInfo: &xmlapi.Empty{}})
	g.Expect(err).NotTo(HaveOccurred())
	for name, c := range map[string]struct {
		expected []string
		wrong    string
	}{
		"nobody is known":            {nil, ""},
		"unknown is not another":     {[]string{"", ""}, ""},
		"the right one":              {[]string{is.GenInfo.GUID, ""}, ""},
		"another":                    {[]string{"another"}, "another"},
		"another, though one agrees": {[]string{is.GenInfo.GUID, "another"}, "another"},
	} {
		w := s.Witness(Foreground)
		w.Expect(c.expected...)
		err := hello(w)
		if c.wrong == "" {
			g.Expect(err).NotTo(HaveOccurred(), name)
			continue
		}
		var wrong *WrongServerError
		g.Expect(errors.As(err, &wrong)).To(BeTrue(), name)
		g.Expect(*wrong).To(Equal(WrongServerError{Expected: c.wrong, Actual: is.GenInfo.GUID}), name)
	}
}

func TestPool(t *testing.T) {
	g := NewWithT(t)
	sim := start(t)
	p := NewPool()
	defer p.Close()
	made := 0
	get := func(id, version string) *Session {
		s, err := p.Get(id, version, func() (*Session, error) {
			made++
			return connect(t, sim, 1, plesksim.DefaultPassword), nil
		})
		g.Expect(err).NotTo(HaveOccurred())
		return s
	}
	first := get("a", "1")
	g.Expect(get("a", "1")).To(BeIdenticalTo(first))
	g.Expect(get("b", "1")).NotTo(BeIdenticalTo(first))
	second := get("a", "2")
	g.Expect(second).NotTo(BeIdenticalTo(first))
	g.Expect(hello(first)).To(Succeed(), "packets under way on a replaced session end by themselves")

	_, err := p.Get("a", "3", func() (*Session, error) { return nil, errors.New("no CA") })
	g.Expect(err).To(MatchError("no CA"))
	g.Expect(get("a", "2")).To(BeIdenticalTo(second), "a session that could not be made replaces none")
	p.Drop("a")
	g.Expect(get("a", "2")).NotTo(BeIdenticalTo(second))
	g.Expect(made).To(Equal(4))
}

func TestMetrics(t *testing.T) {
	g := NewWithT(t)
	sim := start(t)
	s := connect(t, sim, 1, plesksim.DefaultPassword)
	m := s.Metrics
	const web = "hosting/web-01"
	g.Expect(hello(s)).To(Succeed())
	g.Expect(xmlapi.IsNotFound(remove(s))).To(BeTrue())
	value := testutil.ToFloat64
	g.Expect(value(m.door.WithLabelValues(web))).To(Equal(1.0))
	sim.Inject(plesksim.Fault{Drop: true, Times: closeAfter})
	for range closeAfter {
		g.Expect(hello(s)).NotTo(Succeed())
	}
	g.Expect(value(m.door.WithLabelValues(web))).To(BeZero())
	g.Expect(value(m.packets.WithLabelValues(web, "ok"))).To(Equal(2.0))
	g.Expect(value(m.packets.WithLabelValues(web, "Transient"))).To(Equal(float64(closeAfter)))
	g.Expect(value(m.operations.WithLabelValues(web, "customer", "del"))).To(Equal(1.0))
	g.Expect(value(m.failures.WithLabelValues(web, "NotFound", "1013"))).To(Equal(1.0))
	g.Expect(value(m.failures.WithLabelValues(web, "Transient", "0"))).To(Equal(float64(closeAfter)), "a packet that fails counts once")
	sim.Inject(plesksim.Fault{Code: 4711, Operator: "customer", Operation: "del", Times: 1})
	g.Expect(hello(s.Probe())).To(Succeed())
	g.Expect(remove(s)).NotTo(Succeed())
	g.Expect(value(m.failures.WithLabelValues(web, "Transient", "other"))).To(Equal(1.0), "a server may answer any number: not each has a series")
	m.Traffic(web, 3, 5)
	g.Expect(value(m.bytes.WithLabelValues(web, "received"))).To(Equal(5.0))
	m.Forget("hosting/web-02")
	g.Expect(value(m.packets.WithLabelValues(web, "ok"))).To(BeNumerically(">", 0))
	m.Forget(web)
	for _, v := range m.ofServers() {
		g.Expect(testutil.CollectAndCount(v)).To(BeZero(), "a server that is gone has no series")
	}
	g.Expect(testutil.CollectAndCount(m.operator)).To(Equal(2), "of all servers")
}
