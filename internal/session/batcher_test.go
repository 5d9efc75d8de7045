// The batcher: which calls share a packet, in which order packets leave, and whose failure is whose.

package session

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ip"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
)

// waiters is how many tickets wait.
func (s *Session) waiters() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for i := range lanes {
		n += len(s.waiting.reads[i]) + len(s.waiting.writes[i])
	}
	return n
}

// crowd is a session whose only slot is held by a packet, and what waits behind it.
type crowd struct {
	*WithT
	sim     *plesksim.Server
	s       *Session
	release func()
	waiting int
}

func newCrowd(t *testing.T) *crowd {
	t.Helper()
	sim := start(t)
	c := &crowd{WithT: NewWithT(t), sim: sim, s: connect(t, sim, 1, plesksim.DefaultPassword)}
	hold, held := make(chan struct{}), make(chan error)
	sim.Inject(plesksim.Fault{Operator: "ip", Operation: "get", Hold: hold, Times: 1})
	go func() { held <- readAddresses(c.s) }()
	c.Eventually(func() int { return sim.Stats().Packets }).Should(Equal(1))
	c.release = func() {
		close(hold)
		c.Expect(<-held).To(Succeed())
	}
	return c
}

func readAddresses(d xmlapi.Doer) error {
	_, err := ip.Get.All(context.Background(), d, xmlapi.EmptyRequest{})
	return err
}

// join has something be asked behind what waits already.
func (c *crowd) join(ask func() error) <-chan error {
	out := make(chan error, 1)
	go func() { out <- ask() }()
	c.waiting++
	c.Eventually(c.s.waiters).Should(Equal(c.waiting))
	return out
}

func TestReadsThatWaitLeaveTogether(t *testing.T) {
	c := newCrowd(t)
	var answers []<-chan error
	witnesses := make([]*Witness, 20)
	for i := range witnesses {
		witnesses[i] = c.s.Witness(Foreground)
		answers = append(answers, c.join(func() error { return hello(witnesses[i]) }))
	}
	c.release()
	for _, a := range answers {
		c.Expect(<-a).To(Succeed())
	}
	stats := c.sim.Stats()
	c.Expect(stats.Packets).To(Equal(2))
	c.Expect(stats.Operations).To(HaveKeyWithValue("server/get", 1), "they all know who answers from one question")
	c.Expect(stats.Operations).To(HaveKeyWithValue("server/get_protos", 20))
	for _, w := range witnesses {
		c.Expect(w.GUID()).To(Equal(guidOf(t, c.sim)))
	}
}

// Where operators are kept apart, what one asks that the server does not understand refuses nobody else's packet.
func TestReadsOfDifferentOperatorsAreKeptApart(t *testing.T) {
	c := newCrowd(t)
	c.s.KeepApart(true)
	var answers []<-chan error
	for range 5 {
		answers = append(answers, c.join(func() error { return hello(c.s) }))
		answers = append(answers, c.join(func() error { return readAddresses(c.s) }))
	}
	c.sim.Inject(plesksim.Fault{Operator: "ip", Operation: "get", Code: 1014, System: true})
	before := c.sim.Stats().Packets
	c.release()
	for i, a := range answers {
		want := xmlapi.Class("")
		if i%2 == 1 {
			want = xmlapi.Invalid
		}
		c.Expect(xmlapi.ClassOf(<-a)).To(Equal(want))
	}
	c.Expect(c.sim.Stats().Packets-before).To(Equal(1+9), "one with all of the one operator; that of the other is halved until each of the five is alone")

	c = newCrowd(t)
	c.s.KeepApart(true)
	c.s.KeepApart(false)
	answers = []<-chan error{c.join(func() error { return hello(c.s) }), c.join(func() error { return readAddresses(c.s) })}
	c.release()
	for _, a := range answers {
		c.Expect(<-a).To(Succeed())
	}
	c.Expect(c.sim.Stats().Packets).To(Equal(2), "they share one again")
}

func TestAPacketHasAtMostFiftyOperations(t *testing.T) {
	c := newCrowd(t)
	var answers []<-chan error
	for range maxOperations + 1 {
		answers = append(answers, c.join(func() error { return hello(c.s) }))
	}
	c.release()
	for _, a := range answers {
		c.Expect(<-a).To(Succeed())
	}
	c.Expect(c.sim.Stats().Packets).To(Equal(3))
}

func TestAWriteHasItsPacketForItself(t *testing.T) {
	c := newCrowd(t)
	var answers []<-chan error
	for range 3 {
		answers = append(answers, c.join(func() error {
			if err := remove(c.s); !xmlapi.IsNotFound(err) {
				return errors.Join(err, errors.New("the answer is another one's"))
			}
			return nil
		}))
		answers = append(answers, c.join(func() error { return hello(c.s) }))
	}
	c.release()
	for _, a := range answers {
		c.Expect(<-a).To(Succeed())
	}
	c.Expect(c.sim.Stats().Packets).To(Equal(1+3+1), "three writes, and the reads together")
}

// A packet may be refused for one of its operations: it alone has the refusal, wherever it stands.
func TestARefusalOfThePacketIsThatOfItsCulprit(t *testing.T) {
	for _, code := range []int{1003, 1006, 1013, 1014, 1017} {
		for _, at := range []int{0, 13, 24} {
			c := newCrowd(t)
			c.sim.Inject(plesksim.Fault{Operator: "customer", Operation: "get", Code: code, System: true})
			answers := make([]<-chan error, 25)
			for i := range answers {
				ask := func() error { return hello(c.s) }
				if i == at {
					ask = func() error {
						_, err := customer.Get.One(context.Background(), c.s, customer.GetRequest{Filter: customer.ByLogin("acme").Query(), Dataset: customer.Dataset{GenInfo: &xmlapi.Empty{}}})
						return err
					}
				}
				answers[i] = c.join(ask)
			}
			c.release()
			for i, a := range answers {
				err := <-a
				if i != at {
					c.Expect(err).NotTo(HaveOccurred(), "code %d, culprit %d, caller %d", code, at, i)
					continue
				}
				e, _ := errors.AsType[*xmlapi.Error](err)
				c.Expect(e).To(HaveOccurred())
				c.Expect(e.Code).To(Equal(code))
			}
			c.Expect(c.s.Closed()).NotTo(HaveOccurred())
			c.Expect(c.sim.Stats().Packets).To(BeNumerically("<=", 2+2*5), "halves, not one by one")
		}
	}
}

// A value that cannot be read costs who has asked for it, and nobody else; neither does it close the door.
func TestAnUnreadableValueIsThatOfItsCulprit(t *testing.T) {
	for _, status := range []int{200, 500} {
		unreadableValue(t, plesksim.Fault{Operator: "customer", Operation: "get", Status: status, Body: `<packet><customer><get><result><status>ok</status><data>&#0;</data>`})
	}
}

func unreadableValue(t *testing.T, f plesksim.Fault) {
	t.Helper()
	c := newCrowd(t)
	c.sim.Inject(f)
	answers := make([]<-chan error, 32)
	for i := range answers {
		ask := func() error { return hello(c.s) }
		if i == 0 {
			ask = func() error {
				_, err := customer.Get.One(context.Background(), c.s, customer.GetRequest{Filter: customer.ByLogin("acme").Query(), Dataset: customer.Dataset{GenInfo: &xmlapi.Empty{}}})
				return err
			}
		}
		answers[i] = c.join(ask)
	}
	c.release()
	c.Expect(<-answers[0]).To(MatchError(ContainSubstring("unreadable answer")))
	for _, a := range answers[1:] {
		c.Expect(<-a).To(Succeed())
	}
	c.Expect(c.s.Closed()).NotTo(HaveOccurred())
}

// What no server answers is one failure, however many have waited for it.
func TestAFailedPacketIsOneFailure(t *testing.T) {
	c := newCrowd(t)
	remove := c.sim.Inject(plesksim.Fault{Operator: "server", Status: 502})
	answers := make([]<-chan error, 10)
	for i := range answers {
		answers[i] = c.join(func() error { return hello(c.s) })
	}
	c.release()
	for _, a := range answers {
		c.Expect(xmlapi.ClassOf(<-a)).To(Equal(xmlapi.Transient))
	}
	c.Expect(c.sim.Stats().Packets).To(Equal(2))
	c.Expect(c.s.Closed()).NotTo(HaveOccurred())
	remove()
	c.Expect(hello(c.s)).To(Succeed())
}

func TestACallerThatLeavesCancelsNobody(t *testing.T) {
	c := newCrowd(t)
	early, leaveEarly := context.WithCancel(context.Background())
	late, leaveLate := context.WithCancel(context.Background())
	ask := func(ctx context.Context) func() error {
		return func() error { _, err := server.GetProtos.One(ctx, c.s, xmlapi.EmptyRequest{}); return err }
	}
	hold := make(chan struct{})
	c.sim.Inject(plesksim.Fault{Operator: "server", Operation: "get_protos", Hold: hold, Times: 1})
	first, second, third := c.join(ask(early)), c.join(ask(late)), c.join(ask(context.Background()))
	leaveEarly()
	c.Expect(<-first).To(MatchError(context.Canceled))
	c.release()
	c.Eventually(func() int { return c.sim.Stats().Packets }).Should(Equal(2))
	leaveLate()
	c.Expect(<-second).To(MatchError(context.Canceled))
	close(hold)
	c.Expect(<-third).To(Succeed())
	c.Expect(c.sim.Stats().Operations).To(HaveKeyWithValue("server/get_protos", 2), "what nobody waits for any more is not asked")
}

// A packet that everybody has left ends: its slot is for others.
func TestAPacketThatAllHaveLeftEnds(t *testing.T) {
	g := NewWithT(t)
	sim := start(t)
	s := connect(t, sim, 1, plesksim.DefaultPassword)
	sim.Inject(plesksim.Fault{Hang: true, Times: 1})
	ctx, leave := context.WithCancel(context.Background())
	out := make(chan error)
	go func() { _, err := server.GetProtos.One(ctx, s, xmlapi.EmptyRequest{}); out <- err }()
	g.Eventually(func() int { return sim.Stats().Packets }).Should(Equal(1))
	leave()
	g.Expect(<-out).To(MatchError(context.Canceled))
	g.Expect(hello(s)).To(Succeed())
	g.Expect(s.Closed()).NotTo(HaveOccurred(), "that says nothing of the server")
}

// Whoever leaves while a write is under way does not know whether it was done; one that has not left yet never does.
func TestACallerThatLeavesAWrite(t *testing.T) {
	c := newCrowd(t)
	hold := make(chan struct{})
	c.sim.Inject(plesksim.Fault{Operator: "customer", Hold: hold, Times: 1})
	under, leaveUnder := context.WithCancel(context.Background())
	before, leaveBefore := context.WithCancel(context.Background())
	ask := func(ctx context.Context, login string) func() error {
		return func() error {
			_, err := customer.Add.One(ctx, c.s, customer.AddRequest{GenInfo: customer.NewGenInfo{Login: login, ContactName: "Ada", Password: "Panel-2031-x"}})
			return err
		}
	}
	first, second := c.join(ask(under, "alder")), c.join(ask(before, "birch"))
	c.release()
	c.Eventually(func() int { return c.sim.Stats().Packets }).Should(Equal(2))
	leaveBefore()
	c.Expect(xmlapi.ClassOf(<-second)).To(Equal(xmlapi.Transient))
	leaveUnder()
	c.Expect(xmlapi.ClassOf(<-first)).To(Equal(xmlapi.Ambiguous))
	close(hold)
	c.Expect(hello(c.s)).To(Succeed(), "behind the write")
	c.Expect(c.sim.Stats().Operations).To(HaveKeyWithValue("customer/add", 1))
}

func TestACallThatCannotBeSentFailsAlone(t *testing.T) {
	c := newCrowd(t)
	fine := c.join(func() error { return hello(c.s) })
	_, err := customer.Get.One(context.Background(), c.s, customer.GetRequest{Filter: customer.ByLogin("acme\x01").Query(), Dataset: customer.Dataset{GenInfo: &xmlapi.Empty{}}})
	c.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Invalid))
	c.release()
	c.Expect(<-fine).To(Succeed())
}

// What waits is told that the door has closed when it closes, though the slots are held for long.
func TestTheDoorClosesForWhatWaits(t *testing.T) {
	c := newCrowd(t)
	answers := []<-chan error{c.join(func() error { return hello(c.s) }), c.join(func() error { return remove(c.s) })}
	c.s.judge(&xmlapi.Error{Class: xmlapi.Denied, Err: errors.New("no")}, false)
	for _, a := range answers {
		c.Expect(isClosed(<-a)).To(BeTrue())
	}
	c.release()
	c.Expect(c.sim.Stats().Packets).To(Equal(1))
}

// order plays the queue: tickets are named by what they are, and what leaves is noted packet by packet.
func order(t *testing.T, w *waiting) string {
	t.Helper()
	var out []string
	for {
		tickets := w.next(false)
		if len(tickets) == 0 {
			return strings.Join(out, " ")
		}
		kind := map[bool]string{false: "r", true: "w"}[tickets[0].writes]
		if tickets[0].lane == Background {
			kind = strings.ToUpper(kind)
		}
		out = append(out, kind+strconv.Itoa(len(tickets)))
	}
}

func TestTheOrderOfPackets(t *testing.T) {
	free := new(xmlapi.Pin)
	read := func(l Lane) *ticket { return &ticket{calls: make([]xmlapi.Caller, 1), pin: free, lane: l} }
	write := func(l Lane) *ticket {
		return &ticket{calls: make([]xmlapi.Caller, 1), pin: free, lane: l, writes: true}
	}
	list := func(l Lane) *ticket { t := read(l); t.list = true; return t }
	gone := func() *ticket { t := read(Foreground); t.left = true; return t }
	large := func() *ticket { t := read(Foreground); t.bytes = maxPacketBytes/2 + 1; return t }
	several := func(n int, of *ticket) (out []*ticket) {
		for range n {
			next := *of
			out = append(out, &next)
		}
		return out
	}
	for name, c := range map[string]struct {
		waits []*ticket
		want  string
	}{
		"nothing":                      {nil, ""},
		"reads together":               {several(7, read(Foreground)), "r7"},
		"writes apart":                 {several(3, write(Foreground)), "w1 w1 w1"},
		"reads gather behind writes":   {append(several(3, write(Foreground)), several(2, read(Foreground))...), "w1 w1 w1 r2"},
		"but not for long":             {append(several(10, write(Foreground)), several(2, read(Foreground))...), "w1 w1 w1 w1 w1 w1 w1 w1 r2 w1 w1"},
		"nor when they fill a packet":  {append(several(3, write(Foreground)), several(51, read(Foreground))...), "r50 w1 w1 w1 r1"},
		"the foreground first":         {append(several(2, write(Background)), several(2, write(Foreground))...), "w1 w1 W1 W1"},
		"though not always":            {append(several(1, write(Background)), several(18, write(Foreground))...), strings.Repeat("w1 ", patience) + "W1 w1 w1"},
		"the background fills up":      {append(several(60, read(Background)), several(2, read(Foreground))...), "r50 R12"},
		"a list alone":                 {append(several(2, list(Background)), several(2, read(Background))...), "R1 R1 R2"},
		"what was left is not sent":    {[]*ticket{gone(), read(Foreground), gone()}, "r1"},
		"large requests do not fit in": {[]*ticket{large(), large(), read(Foreground)}, "r2 r1"},
	} {
		var w waiting
		for _, ticket := range slices.Clone(c.waits) {
			w.push(ticket)
		}
		if have := order(t, &w); have != c.want {
			t.Errorf("%s: %s, want %s", name, have, c.want)
		}
	}
}
