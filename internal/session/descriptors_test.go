// Descriptors of a server: asked once for all, forgotten in time, and never taken for known where they are not.

package session

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// describing is a session with a server whose descriptors are asked for, at a time that the test sets.
type describing struct {
	*GomegaWithT
	t       *testing.T
	sim     *plesksim.Server
	session *Session
	from    Installation
	mu      sync.Mutex
	now     time.Time
}

func newDescribing(t *testing.T) *describing {
	t.Helper()
	d := &describing{GomegaWithT: NewWithT(t), t: t, sim: start(t), now: time.Unix(1e9, 0)}
	d.session = connect(t, d.sim, 4, plesksim.DefaultPassword)
	d.session.Now = func() time.Time { d.mu.Lock(); defer d.mu.Unlock(); return d.now }
	r, err := server.Get.One(t.Context(), d.sim, server.GetRequest{GenInfo: &xmlapi.Empty{}})
	d.Expect(err).NotTo(HaveOccurred())
	d.from = Installation{GUID: r.GenInfo.GUID, Version: "18.0"}
	return d
}

func (d *describing) pass(more time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = d.now.Add(more)
}

var (
	limits      = webspace.Descriptors.Limits
	permissions = webspace.Descriptors.Permissions
	properties  = webspace.Descriptors.Properties
)

// ask asks for descriptors and names those that are known.
func (d *describing) ask(age time.Duration, queries ...hosting.DescriptorQuery) []string {
	d.t.Helper()
	known, err := d.session.Describe(d.t.Context(), d.from, age, queries...)
	d.Expect(err).NotTo(HaveOccurred())
	var names []string
	for _, q := range queries {
		if known[q.Name] != nil {
			names = append(names, strings.TrimSuffix(strings.TrimPrefix(q.Name, "webspace/get-"), "-descriptor"))
		}
	}
	return names
}

func (d *describing) asked(q hosting.DescriptorQuery) int { return d.sim.Stats().Operations[q.Name] }

func TestDescriptorsAreAskedOnceInOnePacket(t *testing.T) {
	d := newDescribing(t)
	for range 3 {
		d.Expect(d.ask(DescriptorAge, limits, permissions, properties, limits)).To(Equal([]string{"limit", "permission", "physical-hosting", "limit"}))
	}
	d.Expect(d.sim.Stats().Packets).To(Equal(1))
	d.Expect(d.sim.Stats().Operations).To(HaveKeyWithValue(limits.Name, 1))
	known, err := d.session.Describe(t.Context(), d.from, DescriptorAge, limits)
	d.Expect(err).NotTo(HaveOccurred())
	d.Expect(known[limits.Name].Refusal(Administrator.InDescriptors(), "max_box", "5")).To(BeEmpty())
	d.Expect(known[limits.Name].Properties[0].Label).To(BeNil(), "what is only for people is not kept")
	d.ask(DescriptorAge, serviceplan.Descriptors.Limits, limits)
	d.Expect(d.sim.Stats().Packets).To(Equal(2))
	d.Expect(d.asked(limits)).To(Equal(1), "only what is not known is asked for")
}

// One asks for all who want to know at that time; what only some want is asked beside.
func TestOneAsksForAll(t *testing.T) {
	d := newDescribing(t)
	hold := make(chan struct{})
	d.sim.Inject(plesksim.Fault{Operator: "webspace", Operation: "get-limit-descriptor", Hold: hold})
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			queries := []hosting.DescriptorQuery{limits, permissions}
			known, err := d.session.Describe(t.Context(), d.from, DescriptorAge, queries[:1+i%2]...)
			if err != nil || len(known) != 1+i%2 {
				t.Errorf("%v, %v", known, err)
			}
		})
	}
	d.Eventually(func() int { return d.asked(permissions) + d.asked(limits) }).Should(BeNumerically(">=", 1))
	close(hold)
	all.Wait()
	d.Expect(d.asked(limits)).To(Equal(1))
	d.Expect(d.asked(permissions)).To(Equal(1))
}

func TestDescriptorsAreForgotten(t *testing.T) {
	for what, forget := range map[string]func(*describing){
		"in time":                  func(d *describing) { d.pass(DescriptorAge) },
		"when the clock goes back": func(d *describing) { d.pass(-time.Second) },
		"when something changes":   func(d *describing) { d.session.ForgetDescriptors() },
		"with another version":     func(d *describing) { d.from.Version = "18.1" },
	} {
		d := newDescribing(t)
		d.ask(DescriptorAge, limits)
		d.pass(DescriptorAge - time.Second)
		d.ask(DescriptorAge, limits)
		d.Expect(d.asked(limits)).To(Equal(1), what)
		d.pass(time.Second - DescriptorAge)
		forget(d)
		d.Expect(d.ask(DescriptorAge, limits)).To(Equal([]string{"limit"}), what)
		d.Expect(d.asked(limits)).To(Equal(2), what)
	}
}

// Whoever needs to know better asks for something younger, and all have that then.
func TestYoungerDescriptors(t *testing.T) {
	d := newDescribing(t)
	d.ask(DescriptorAge, limits)
	d.pass(30 * time.Second)
	d.ask(time.Minute, limits)
	d.Expect(d.asked(limits)).To(Equal(1))
	d.pass(30 * time.Second)
	d.ask(time.Minute, limits)
	d.Expect(d.asked(limits)).To(Equal(2))
	d.pass(DescriptorAge - time.Second)
	d.ask(DescriptorAge, limits)
	d.Expect(d.asked(limits)).To(Equal(2))
}

// What is on its way when everything is forgotten was said before the change: those who waited have it, and nobody after them.
func TestWhatIsOnItsWayIsForgotten(t *testing.T) {
	d := newDescribing(t)
	hold := make(chan struct{})
	d.sim.Inject(plesksim.Fault{Operator: "webspace", Operation: "get-limit-descriptor", Hold: hold, Times: 1})
	var first sync.WaitGroup
	first.Go(func() {
		if known, err := d.session.Describe(t.Context(), d.from, DescriptorAge, limits); err != nil || len(known) != 1 {
			t.Errorf("%v, %v", known, err)
		}
	})
	d.Eventually(func() int { return d.asked(limits) }).Should(Equal(1))
	d.session.ForgetDescriptors()
	close(hold)
	first.Wait()
	d.ask(DescriptorAge, limits)
	d.Expect(d.asked(limits)).To(Equal(2))
}

// A descriptor that cannot be had is not known, which is no answer. What was refused is asked for again when an answer would be; what was lost, soon.
func TestUnansweredDescriptors(t *testing.T) {
	for what, c := range map[string]struct {
		fault plesksim.Fault
		known []string // of limits and permissions
		again time.Duration
	}{
		"refused to the role":              {plesksim.Fault{Code: xmlapi.CodePermissionDenied}, []string{"permission"}, DescriptorAge},
		"not of this version":              {plesksim.Fault{Code: xmlapi.CodeUnsupportedByVersion}, []string{"permission"}, DescriptorAge},
		"not of this version, all of it":   {plesksim.Fault{Code: xmlapi.CodeUnsupportedByVersion, System: true}, []string{"permission"}, DescriptorAge},
		"unknown to its grammar":           {plesksim.Fault{Code: xmlapi.CodeParse, System: true}, []string{"permission"}, DescriptorAge},
		"failed":                           {plesksim.Fault{Code: xmlapi.CodeFailed}, []string{"permission"}, unansweredAge},
		"busy":                             {plesksim.Fault{Code: xmlapi.CodeNotConfigured, System: true}, nil, unansweredAge},
		"lost":                             {plesksim.Fault{Drop: true}, nil, unansweredAge},
		"behind a gateway that gives up":   {plesksim.Fault{Status: 502}, nil, unansweredAge},
		"an answer that describes nothing": {plesksim.Fault{Without: []string{"descriptor/property"}}, []string{"permission"}, unansweredAge},
	} {
		d := newDescribing(t)
		c.fault.Operator, c.fault.Operation = "webspace", "get-limit-descriptor"
		remove := d.sim.Inject(c.fault)
		d.Expect(d.ask(DescriptorAge, limits, permissions)).To(Equal(c.known), what)
		packets := d.sim.Stats().Packets
		d.pass(c.again - time.Second)
		d.Expect(d.ask(DescriptorAge, limits)).To(BeEmpty(), what)
		d.Expect(d.sim.Stats().Packets).To(Equal(packets), "%s: a thousand objects do not ask a thousand times", what)
		remove()
		d.pass(time.Second)
		d.Expect(d.ask(DescriptorAge, limits, permissions)).To(Equal([]string{"limit", "permission"}), what)
	}
}

// What another Plesk says is nothing that this one has said.
func TestDescriptorsOfAnotherServer(t *testing.T) {
	d := newDescribing(t)
	d.Expect(d.sim.SetGUID("server", 0, "")).To(Succeed())
	d.Expect(d.ask(DescriptorAge, limits)).To(BeEmpty())
	d.Expect(d.session.Closed()).NotTo(HaveOccurred())
}

// More than a server can mean to say is not kept.
func TestDescriptorsAreBounded(t *testing.T) {
	huge := &hosting.Descriptor{Properties: make([]hosting.PropertyDescriptor, 10_000)}
	small := &hosting.Descriptor{Properties: make([]hosting.PropertyDescriptor, 300)}
	for d, known := range map[*hosting.Descriptor]bool{huge: false, small: true} {
		one := &described{}
		one.take(d, nil)
		if (one.is != nil) != known || one.keep != DescriptorAge {
			t.Errorf("%d properties: %+v", len(d.Properties), one)
		}
	}
}

// Who leaves takes nobody along: another one of those who wait asks then.
func TestWhoAsksMayLeave(t *testing.T) {
	d := newDescribing(t)
	hold := make(chan struct{})
	d.sim.Inject(plesksim.Fault{Operator: "webspace", Operation: "get-limit-descriptor", Hold: hold, Times: 1})
	ctx, leave := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() {
		if _, err := d.session.Describe(ctx, d.from, DescriptorAge, limits); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	d.Eventually(func() int { return d.asked(limits) }).Should(Equal(1))
	all.Go(func() {
		if known, err := d.session.Describe(t.Context(), d.from, DescriptorAge, limits); err != nil || len(known) != 1 {
			t.Errorf("%v, %v", known, err)
		}
	})
	impatient, end := context.WithTimeout(t.Context(), time.Millisecond)
	defer end()
	_, err := d.session.Describe(impatient, d.from, DescriptorAge, limits)
	d.Expect(err).To(MatchError(context.DeadlineExceeded))
	leave()
	close(hold)
	all.Wait()
}
