// A world: a namespace, an operator of its own, and one Plesk server or several; and what a user would do there.

package conformance

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	apitypes "k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

const (
	worldLasts = 6 * time.Minute
	waits      = time.Minute
	asksAgain  = 20 * time.Millisecond
)

var worlds atomic.Int32

// failure is a failed assertion on its way out of a body.
type failure struct{ text string }

// caught runs a body and returns its failed assertion, or its panic, as an error.
func caught(body func()) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case failure:
			err = errors.New(r.text)
		default:
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	body()
	return nil
}

// world is the namespace of a test. Its assertions end the body with a failure, on whatever goroutine it runs.
type world struct {
	context.Context
	Gomega
	place
	ns       string
	tenant   string // a namespace that has no server of its own, in worlds that were made so
	op       *operator
	journal  *journal
	api      *counter
	lasts    time.Duration
	patience time.Duration // for a packet
	poll     time.Duration // of the servers
	clock    clock.PassiveClock
	settles  time.Duration // how long a create that was not confirmed is looked for

	mu         sync.Mutex
	sites      []*site
	names      int
	silent     []func() // ends the silence of the sites
	complaints []string
}

// worldOption changes a world before it begins.
type worldOption func(*world)

// packetsWithin bounds the wait for an answer of Plesk.
func packetsWithin(d time.Duration) worldOption { return func(w *world) { w.patience = d } }

// lasting bounds a world that has much to do.
func lasting(d time.Duration) worldOption { return func(w *world) { w.lasts = d } }

// settlingIn is how long a create that was not confirmed is looked for before anything else is done.
func settlingIn(d time.Duration) worldOption { return func(w *world) { w.settles = d } }

// pollEvery is how often servers are looked at.
func pollEvery(d time.Duration) worldOption { return func(w *world) { w.poll = d } }

// withTenant adds the namespace of a tenant.
func withTenant(w *world) { w.tenant = w.ns + "-tenant" }

// atTime has the operator live by a clock.
func atTime(c clock.PassiveClock) worldOption { return func(w *world) { w.clock = c } }

// inWorld gives body a world with a running operator, waits for a place for it, and clears up.
func inWorld(body func(*world), options ...worldOption) {
	here := <-places
	defer func() { places <- here }()
	w := &world{
		place: here,
		lasts: worldLasts, ns: fmt.Sprintf("world-%d", worlds.Add(1)), journal: &journal{}, api: &counter{},
		patience: 10 * time.Second, poll: time.Second, settles: 3 * time.Second,
	}
	w.Gomega = NewGomega(func(message string, skip ...int) {
		at := types.NewCodeLocation(skip[0] + 1)
		panic(failure{fmt.Sprintf("%s\n%s", at, message)})
	})
	w.op = &operator{world: w}
	for _, o := range options {
		o(w)
	}
	var cancel context.CancelFunc
	w.Context, cancel = context.WithTimeout(context.Background(), w.lasts)
	defer cancel()
	for _, ns := range w.namespaces() {
		w.Expect(bed.Client.Create(w, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: ns}})).To(Succeed())
	}
	w.op.start()
	defer w.end()
	body(w)
	w.op.stop()
	w.mu.Lock()
	complaints := slices.Clone(w.complaints)
	for _, ns := range w.namespaces() {
		complaints = append(complaints, conditions.Complaints(ns)...)
	}
	w.mu.Unlock()
	w.Expect(conditions.Seen(w.ns)).To(BeNumerically(">", 0), "nobody has looked at the conditions")
	w.Expect(complaints).To(BeEmpty())
}

// namespaces that the operator sees.
func (w *world) namespaces() []string {
	if w.tenant == "" {
		return []string{w.ns}
	}
	return []string{w.ns, w.tenant}
}

// end stops whatever the body left running, and adds what happened to a failure.
func (w *world) end() {
	w.op.stop()
	for _, s := range w.sites {
		s.plesk.Close()
	}
	if r := recover(); r != nil {
		if f, ok := r.(failure); ok {
			r = failure{f.text + "\n" + w.story()}
		}
		panic(r)
	}
}

// story tells what happened in a world.
func (w *world) story() string {
	var b strings.Builder
	fmt.Fprintf(&b, "In %s, after %d lives:\n", w.ns, w.op.lives)
	w.mu.Lock()
	for _, c := range w.complaints {
		fmt.Fprintf(&b, "Complaint: %s\n", c)
	}
	w.mu.Unlock()
	for _, o := range testbed.OurKinds() {
		list, err := bed.ListOf(o)
		if err != nil || bed.Client.List(context.WithoutCancel(w), list) != nil {
			continue
		}
		items, _ := meta.ExtractList(list)
		items = slices.DeleteFunc(items, func(i runtime.Object) bool { return !slices.Contains(w.namespaces(), i.(client.Object).GetNamespace()) })
		for _, i := range items {
			o := i.(client.Object)
			cs, _ := testbed.Conditions(o)
			fmt.Fprintf(&b, "%T %s generation %d, finalizers %v:\n", o, o.GetName(), o.GetGeneration(), o.GetFinalizers())
			if obj, ok := o.(v1alpha1.Object); ok {
				fmt.Fprintf(&b, "  id %q key %q pending %v\n", obj.State().ID, obj.State().Key, obj.State().Pending)
			}
			for _, c := range cs {
				fmt.Fprintf(&b, "  %s %s %s (%d) %s\n", c.Type, c.Status, c.Reason, c.ObservedGeneration, c.Message)
			}
		}
	}
	return b.String() + w.journal.String()
}

// complain notes something that must not happen, from wherever it was seen.
func (w *world) complain(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.complaints = append(w.complaints, fmt.Sprintf(format, args...))
}

// silence cuts all sites off: the packets of a killed life reach nobody.
func (w *world) silence() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.sites {
		w.silent = append(w.silent, s.plesk.Inject(droppedPackets))
	}
}

// hear ends the silence.
func (w *world) hear() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, end := range w.silent {
		end()
	}
	w.silent = nil
}

// eventually waits for something that costs nothing to ask.
func (w *world) eventually(f any, args ...any) AsyncAssertion {
	return w.Eventually(f).WithArguments(args...).Within(waits).ProbeEvery(asksAgain)
}

func (w *world) create(o client.Object) {
	GinkgoHelper()
	if o.GetNamespace() == "" {
		o.SetNamespace(w.ns)
	}
	w.Expect(bed.Client.Create(w, o)).To(Succeed(), "%T %s", o, o.GetName())
}

// edit changes an object as a user would, over whatever else changes it at the same time.
func (w *world) edit(o v1alpha1.Object, change func(v1alpha1.Object)) {
	GinkgoHelper()
	w.eventually(func() error { return w.tryEdit(o, change) }).Should(Succeed())
}

func (w *world) tryEdit(o v1alpha1.Object, change func(v1alpha1.Object)) error {
	if err := bed.Client.Get(w, client.ObjectKeyFromObject(o), o); err != nil {
		return err
	}
	change(o)
	return bed.Client.Update(w, o)
}

// request asks for a pass at once, as a user would.
func (w *world) request(o client.Object) {
	GinkgoHelper()
	w.annotate(o, v1alpha1.AnnotationReconcile)
}

// requesting asks for a pass over an object again and again, for as long as the wait for f lasts: after some failures nothing is sent until the server has
// been looked at. The times in between grow: each request changes the object, and a pass whose object has changed meanwhile writes nothing.
func (w *world) requesting(o client.Object, f func() int) AsyncAssertion {
	ask := w.againAndAgain(o)
	return w.eventually(func() int { ask(); return f() })
}

// againAndAgain returns what asks for a pass over an object when it is called, if the last one was not asked for just now.
func (w *world) againAndAgain(o client.Object) (ask func()) {
	next, pause := time.Time{}, 300*time.Millisecond
	return func() {
		if now := time.Now(); now.After(next) {
			w.request(o)
			next, pause = now.Add(pause), 2*pause
		}
	}
}

// nudge has an object looked at without asking for anything: what the operator has given up stays so.
func (w *world) nudge(o client.Object) {
	GinkgoHelper()
	w.annotate(o, "example.com/looked-at")
}

func (w *world) annotate(o client.Object, key string) {
	GinkgoHelper()
	patch := fmt.Sprintf(`{"metadata":{"annotations":{%q:%q}}}`, key, strconv.FormatInt(time.Now().UnixNano(), 10))
	err := bed.Client.Patch(w, o, client.RawPatch(apitypes.MergePatchType, []byte(patch)))
	w.Expect(client.IgnoreNotFound(err)).To(Succeed()) // it may have gone just now
}

// settle waits until a pass over the object has ended that began after now, and all passes that were running before.
func (w *world) settle(o v1alpha1.Object) {
	GinkgoHelper()
	w.settleBy(w.request, o)
}

// settleBy is settle with a way to have an object looked at.
func (w *world) settleBy(wake func(client.Object), o v1alpha1.Object) {
	GinkgoHelper()
	for range 3 { // a pass that was running, one that was requested before, and ours
		was, l := w.op.life().passes(kindOf(o)), w.op.life()
		wake(o)
		w.eventually(func() bool { return w.op.life() == l && l.passes(kindOf(o)) > was }).Should(BeTrue(), "no pass over %s", o.GetName())
	}
}

// ready is the Ready condition, zero while it is not about the object's present generation.
func (w *world) ready(o client.Object) metav1.Condition {
	now := seen.get(o)
	if now == nil {
		return metav1.Condition{}
	}
	cs, _ := testbed.Conditions(now)
	c := meta.FindStatusCondition(cs, v1alpha1.ConditionReady)
	if c == nil || c.ObservedGeneration != now.GetGeneration() || c.ObservedGeneration < o.GetGeneration() {
		return metav1.Condition{}
	}
	return *c
}

func (w *world) eventuallyReady(objects ...client.Object) {
	GinkgoHelper()
	for _, o := range objects {
		w.eventually(w.ready, o).Should(HaveField("Status", metav1.ConditionTrue), "%T %s", o, o.GetName())
	}
}

// eventuallySays waits until an object is not ready for a reason, with a message that holds all the texts.
func (w *world) eventuallySays(o client.Object, reason string, texts ...string) {
	GinkgoHelper()
	is := []OmegaMatcher{HaveField("Status", metav1.ConditionFalse), HaveField("Reason", reason)}
	for _, t := range texts {
		is = append(is, HaveField("Message", ContainSubstring(t)))
	}
	w.eventually(w.ready, o).Should(And(is...), "%T %s", o, o.GetName())
}

func (w *world) delete(o client.Object) {
	GinkgoHelper()
	w.Expect(bed.Client.Delete(w, o)).To(Succeed())
}

func (w *world) eventuallyGone(o client.Object) {
	GinkgoHelper()
	w.eventually(func() client.Object { return seen.get(o) }).Should(BeNil(), "%s is still there", o.GetName())
}

// has reports whether a condition of an object is True.
func (w *world) has(o client.Object, condition string) bool {
	now := seen.get(o)
	if now == nil {
		return false
	}
	cs, _ := testbed.Conditions(now)
	return meta.IsStatusConditionTrue(cs, condition)
}

// state is the latest status of an object, empty when it is gone.
func (w *world) state(o v1alpha1.Object) v1alpha1.CommonStatus {
	if now := seen.get(o); now != nil {
		return *now.(v1alpha1.Object).State()
	}
	return v1alpha1.CommonStatus{}
}

// kindOf is the kind's name of an object of ours.
func kindOf(o client.Object) string {
	name := fmt.Sprintf("%T", o)
	return name[strings.LastIndex(name, ".")+1:]
}

// serverGUID is the one that a site's PleskServer shows.
func (w *world) serverGUID(s *site) string {
	return seen.get(s.server).(*v1alpha1.PleskServer).Status.GUID
}
