// What answers may take: by what is asked for, and what it means where others take it.

package session

import (
	"context"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
)

// What is asked for by name has a short answer, a list has a long one.
func TestHowLongAnAnswerMayBe(t *testing.T) {
	sim := start(t)
	sim.Inject(plesksim.Fault{Body: "<packet><output>" + strings.Repeat("<a/>", maxReadBytes/4)})
	for name, c := range map[string]struct {
		doer   func(*Session) xmlapi.Doer
		filter xmlapi.Query
		short  bool
	}{
		"one object": {func(s *Session) xmlapi.Doer { return s }, customer.ByID(4).Query(), true},
		"a pass's":   {func(s *Session) xmlapi.Doer { return s.Witness(Foreground) }, customer.ByID(4).Query(), true},
		"all":        {func(s *Session) xmlapi.Doer { return s }, xmlapi.All(), false},
		"a list":     {func(s *Session) xmlapi.Doer { return s.Witness(Foreground).Lists() }, customer.ByID(4).Query(), false},
		"a probe":    {(*Session).Probe, customer.ByID(4).Query(), false},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			_, err := customer.Get.All(context.Background(), c.doer(connect(t, sim, 1, plesksim.DefaultPassword)), customer.GetRequest{Filter: c.filter})
			g.Expect(err).To(HaveOccurred(), "it is cut off")
			if c.short {
				g.Expect(err).To(MatchError(ContainSubstring("answer larger than 4194304 bytes")))
			} else {
				g.Expect(err).NotTo(MatchError(ContainSubstring("answer larger than")))
			}
		})
	}
}

// Answers that share a packet have the sum of their bounds.
func TestReadsThatShareAPacketShareItsBound(t *testing.T) {
	g := NewWithT(t)
	c := newCrowd(t)
	ended := make(chan error)
	for i := range int64(2) {
		go func() {
			_, err := customer.Get.All(context.Background(), c.s, customer.GetRequest{Filter: customer.ByID(i + 1).Query()})
			ended <- err
		}()
	}
	g.Eventually(c.s.waiters).Should(Equal(2))
	const none = "<customer><get><result><status>error</status><errcode>1013</errcode></result></get></customer>"
	c.sim.Inject(plesksim.Fault{Operator: "customer", Body: "<packet><output>" + strings.Repeat("<a/>", 3*maxReadBytes/2/4) + "</output>" + none + none + "</packet>"})
	c.release()
	for range 2 {
		g.Expect(<-ended).To(Succeed())
	}
	g.Expect(c.sim.Stats().Packets).To(Equal(1+1), "neither was asked for again alone")
}

// That other servers' answers take the memory says nothing about this one.
func TestDoorStaysOpenForWantOfMemory(t *testing.T) {
	g := NewWithT(t)
	s := New(Config{Metrics: NewMetrics(prometheus.NewRegistry())})
	for range closeAfter + 1 {
		s.judge(&xmlapi.Error{Class: xmlapi.Transient, Err: &xmlapi.BudgetError{Err: context.DeadlineExceeded}}, true)
	}
	g.Expect(s.Closed()).NotTo(HaveOccurred())
}
