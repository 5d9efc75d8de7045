// Witnesses between two servers: behind one name, behind one address, and behind one certificate.

package session

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	. "github.com/onsi/gomega"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
)

// twin starts a simulator at an address; those with the same directory show the same certificate.
func twin(t *testing.T, address, tlsDir string) *plesksim.Server {
	t.Helper()
	sim, err := plesksim.New(plesksim.Options{Address: address, TLSDir: tlsDir})
	if err != nil {
		t.Fatal(err)
	}
	if err := sim.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	return sim
}

// openTo makes a session to a host and port, that trusts the authorities of several simulators.
func openTo(t *testing.T, url string, resolve func(context.Context, string) ([]netip.Addr, error), sims ...*plesksim.Server) *Session {
	t.Helper()
	roots := x509.NewCertPool()
	for _, s := range sims {
		roots.AppendCertsFromPEM(s.CA())
	}
	c, err := xmlapi.New(xmlapi.Config{
		URL: url, Username: plesksim.DefaultLogin, Password: plesksim.DefaultPassword, RootCAs: roots, Addresses: xmlapi.Loopback, Resolve: resolve,
	})
	if err != nil {
		t.Fatal(err)
	}
	s := New(Config{Name: "hosting/web-01", Client: c, Parallel: 4, Metrics: NewMetrics(prometheus.NewRegistry())})
	t.Cleanup(s.close)
	return s
}

func guidOf(t *testing.T, sim *plesksim.Server) string {
	t.Helper()
	r, err := server.Get.One(context.Background(), sim, server.GetRequest{GenInfo: &xmlapi.Empty{}})
	if err != nil {
		t.Fatal(err)
	}
	return r.GenInfo.GUID
}

func add(d xmlapi.Doer) error {
	_, err := customer.Add.One(context.Background(), d, customer.AddRequest{GenInfo: customer.NewGenInfo{Login: "acme", ContactName: "Ada", Password: "Panel-2031-x"}})
	return err
}

// hangUp has the server close the connection that a session has to it.
func hangUp(g *WithT, w *Witness, sim *plesksim.Server) {
	remove := sim.Inject(plesksim.Fault{Drop: true, Times: 1})
	g.Expect(hello(w)).NotTo(Succeed())
	remove()
}

// causes returns the causes of an error that these tests are about.
func causes(err error) (wrong *WrongServerError, unsent bool) {
	wrong, _ = errors.AsType[*WrongServerError](err)
	_, unsent = errors.AsType[*xmlapi.NotSentError](err)
	return wrong, unsent
}

func TestWitnessStaysWithTheAddress(t *testing.T) {
	g := NewWithT(t)
	dir := t.TempDir()
	first := twin(t, "127.0.0.1:0", dir)
	_, port, _ := strings.Cut(strings.TrimPrefix(first.URL(), "https://"), ":")
	second := twin(t, "127.0.0.2:"+port, dir)
	var now atomic.Value
	now.Store(netip.MustParseAddr("127.0.0.1"))
	s := openTo(t, "https://plesk.example.net:"+port, func(_ context.Context, host string) ([]netip.Addr, error) {
		g.Expect(host).To(Equal("plesk.example.net"))
		return []netip.Addr{now.Load().(netip.Addr)}, nil
	}, first)

	w := s.Witness(Foreground)
	g.Expect(hello(w)).To(Succeed())
	now.Store(netip.MustParseAddr("127.0.0.2"))
	hangUp(g, w, first)
	g.Expect(add(w)).To(Succeed(), "over a new connection to the old address")
	g.Expect(second.Stats().Packets).To(BeZero())
	g.Expect(first.Stats().Writes).To(Equal(1))

	fresh := s.Witness(Foreground)
	g.Expect(hello(fresh)).To(Succeed())
	g.Expect(second.Stats().Packets).To(Equal(1), "the next pass asks for the address")
	g.Expect(fresh.GUID()).To(Equal(guidOf(t, second)))

	strict := s.Witness(Foreground)
	strict.Expect(w.GUID())
	err := hello(strict)
	wrong, unsent := causes(err)
	g.Expect(wrong).To(HaveValue(Equal(WrongServerError{Expected: w.GUID(), Actual: fresh.GUID()})))
	g.Expect(unsent).To(BeFalse())
	g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient))
	g.Expect(strict.GUID()).To(BeEmpty())
}

// switchboard is an address behind which the server changes.
type switchboard struct {
	address string
	to      atomic.Value
}

func newSwitchboard(t *testing.T, to *plesksim.Server) *switchboard {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &switchboard{address: l.Addr().String()}
	b.connect(to)
	var running sync.WaitGroup
	t.Cleanup(func() { _ = l.Close(); running.Wait() })
	running.Go(func() {
		for conn, err := l.Accept(); err == nil; conn, err = l.Accept() {
			far, err := net.Dial("tcp", b.to.Load().(string))
			if err != nil {
				t.Error(err)
				return
			}
			running.Go(func() { _, _ = io.Copy(far, conn); _ = far.(*net.TCPConn).CloseWrite() })
			running.Go(func() { _, _ = io.Copy(conn, far); _ = conn.Close(); _ = far.Close() })
		}
	})
	return b
}

func (b *switchboard) connect(to *plesksim.Server) {
	b.to.Store(strings.TrimPrefix(to.URL(), "https://"))
}

func TestWitnessStaysWithTheCertificate(t *testing.T) {
	g := NewWithT(t)
	first, second := twin(t, "", ""), twin(t, "", "")
	board := newSwitchboard(t, first)
	s := openTo(t, "https://"+board.address, nil, first, second)
	w := s.Witness(Foreground)
	g.Expect(hello(w)).To(Succeed())
	hangUp(g, w, first)
	board.connect(second)
	for range closeAfter + 1 {
		for _, err := range []error{add(w), hello(w)} {
			_, unsent := causes(err)
			g.Expect(unsent).To(BeTrue(), "%v", err)
			g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient))
			g.Expect(err).To(MatchError(ContainSubstring("nothing was sent: the server shows another certificate")))
		}
	}
	g.Expect(second.Stats().Packets).To(BeZero())
	g.Expect(s.Closed()).NotTo(HaveOccurred(), "what this side holds back says nothing of the server")

	fresh := s.Witness(Foreground)
	g.Expect(add(fresh)).To(Succeed())
	g.Expect(fresh.GUID()).To(Equal(guidOf(t, second)))
}

// What is asked of two servers behind one name does not share a packet, though it waits together.
func TestPacketsAreSharedByThoseOfOneServer(t *testing.T) {
	g := NewWithT(t)
	dir := t.TempDir()
	first := twin(t, "127.0.0.1:0", dir)
	_, port, _ := strings.Cut(strings.TrimPrefix(first.URL(), "https://"), ":")
	second := twin(t, "127.0.0.2:"+port, dir)
	var now atomic.Value
	now.Store(netip.MustParseAddr("127.0.0.1"))
	s := openTo(t, "https://plesk.example.net:"+port, func(context.Context, string) ([]netip.Addr, error) {
		return []netip.Addr{now.Load().(netip.Addr)}, nil
	}, first)
	s.Parallel = 1
	here, there := s.Witness(Foreground), s.Witness(Foreground)
	g.Expect(hello(here)).To(Succeed())
	now.Store(netip.MustParseAddr("127.0.0.2"))
	g.Expect(hello(there)).To(Succeed())
	g.Expect(there.GUID()).To(Equal(guidOf(t, second)))

	hold, held := make(chan struct{}), make(chan error)
	second.Inject(plesksim.Fault{Hold: hold, Times: 1})
	go func() { held <- hello(s) }()
	g.Eventually(func() int { return second.Stats().Packets }).Should(Equal(2))
	answers := make(chan error)
	for i, w := range []*Witness{here, there} {
		go func() { answers <- hello(w) }()
		g.Eventually(s.waiters).Should(Equal(i + 1))
	}
	close(hold)
	g.Expect(<-held).To(Succeed())
	g.Expect(<-answers).To(Succeed())
	g.Expect(<-answers).To(Succeed())
	g.Expect(first.Stats().Packets).To(Equal(2))
	g.Expect(second.Stats().Packets).To(Equal(3))
}

func TestWitnessNoticesAnotherServerBehindTheCertificate(t *testing.T) {
	g := NewWithT(t)
	dir := t.TempDir()
	first, second := twin(t, "", dir), twin(t, "", dir)
	board := newSwitchboard(t, first)
	s := openTo(t, "https://"+board.address, nil, first)
	w := s.Witness(Foreground)
	g.Expect(hello(w)).To(Succeed())
	was := w.GUID()
	hangUp(g, w, first)
	board.connect(second)
	err := add(w)
	wrong, unsent := causes(err)
	g.Expect(wrong).To(HaveValue(Equal(WrongServerError{Expected: was, Actual: guidOf(t, second)})))
	g.Expect(unsent).To(BeFalse())
	g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Ambiguous), "it was written, somewhere")
	g.Expect(second.Stats().Writes).To(Equal(1))
	g.Expect(w.GUID()).To(Equal(was))

	w = s.Witness(Foreground)
	g.Expect(hello(w)).To(Succeed())
	w.Expect(was)
	second.ResetStats()
	err = add(w)
	wrong, unsent = causes(err)
	g.Expect(wrong).To(HaveOccurred())
	g.Expect(unsent).To(BeTrue(), "it is known before it is sent")
	g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient))
	g.Expect(second.Stats().Packets).To(BeZero())
}

func TestAWriteWhoseServerDoesNotSayWhoItIsIsAmbiguous(t *testing.T) {
	g := NewWithT(t)
	sim := start(t)
	s := connect(t, sim, 4, plesksim.DefaultPassword)
	sim.Inject(plesksim.Fault{Operator: "server", Operation: "get", Code: 1023, Times: 2})
	w := s.Witness(Foreground)
	err := add(w)
	g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Ambiguous))
	g.Expect(err).To(MatchError(HavePrefix("server/get: Plesk error 1023")))
	call := customer.Get.Call(customer.GetRequest{Filter: customer.ByLogin("acme").Query(), Dataset: customer.Dataset{GenInfo: &xmlapi.Empty{}}})
	g.Expect(xmlapi.ClassOf(w.Do(context.Background(), call))).To(Equal(xmlapi.Transient))
	_, err = call.One()
	g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient), "nothing can be concluded from the call either")
	g.Expect(w.GUID()).To(BeEmpty())
}

// What says that an object is there, or is not, says so of an object. Of the question who answers it says nothing, and of the calls beside it neither.
func TestARefusalToSayWhoAnswersIsNoState(t *testing.T) {
	for _, code := range []int{xmlapi.CodeNotFound, xmlapi.CodeOwnerNotFound, xmlapi.CodeExists, xmlapi.CodePermissionDenied, xmlapi.CodeInvalidValue, xmlapi.CodeLimit} {
		g := NewWithT(t)
		sim := start(t)
		sim.Inject(plesksim.Fault{Operator: "server", Operation: "get", Code: code})
		s := connect(t, sim, 4, plesksim.DefaultPassword)
		w := s.Witness(Foreground)
		call := server.GetProtos.Call(xmlapi.EmptyRequest{})
		err := w.Do(context.Background(), call)
		g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient), "code %d", code)
		g.Expect(err).To(MatchError(ContainSubstring("Plesk error")), "the code is still told")
		_, err = call.One()
		g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient), "code %d", code)
		g.Expect(xmlapi.ClassOf(add(w))).To(Equal(xmlapi.Ambiguous), "code %d", code)
		g.Expect(w.GUID()).To(BeEmpty())
	}
}
