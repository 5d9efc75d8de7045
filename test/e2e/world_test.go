// A world: the namespace, the Plesk server and the PleskServer of one spec, and what a user would do in it.

package e2e

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	gomegatypes "github.com/onsi/gomega/types"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

var worlds atomic.Int32

type world struct {
	context.Context
	ns     string
	plesk  *testbed.Simulator
	server *v1alpha1.PleskServer
}

// newWorld makes a namespace with a PleskServer for a fresh simulated Plesk, whose every packet is validated.
func newWorld(change ...func(*v1alpha1.PleskServer)) *world {
	GinkgoHelper()
	return newWorldWith(plesksim.Options{}, change...)
}

// newWorldWith is newWorld with a Plesk of one's own.
func newWorldWith(o plesksim.Options, change ...func(*v1alpha1.PleskServer)) *world {
	GinkgoHelper()
	ctx, cancel := context.WithTimeout(context.Background(), 6*time.Minute)
	DeferCleanup(cancel)
	w := &world{Context: ctx, ns: fmt.Sprintf("world-%d", worlds.Add(1))}
	w.plesk = simulate(o)
	w.create(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: w.ns}})
	srv, secrets := w.plesk.Access.Server(w.ns, "web-01")
	srv.Spec.EventPollInterval = metav1.Duration{Duration: time.Second}
	for _, c := range change {
		c(srv)
	}
	secrets[0].Data["url"] = []byte(srv.Spec.URL)
	for _, s := range secrets {
		w.create(s)
	}
	w.create(srv)
	w.server = srv
	DeferCleanup(func() {
		if CurrentSpecReport().Failed() {
			for _, o := range w.ours() {
				AddReportEntry(fmt.Sprintf("%T %s", o, o.GetName()), fmt.Sprintf("%+v", conditions(o)))
			}
		}
		w.checkConditions()
		w.end()
	})
	return w
}

// withoutFinalizers lets an object go that is being deleted, whatever the operator has still to do for it.
var withoutFinalizers = client.RawPatch(types.MergePatchType, []byte(`{"metadata":{"finalizers":null}}`))

// end takes the world's resources away from the operator, as they are: what it goes on doing for them would slow down the specs that come, and all of
// them begin anew at each of its restarts.
func (w *world) end() {
	GinkgoHelper()
	for _, kind := range testbed.Reporting() {
		list, err := bed.ListOf(kind)
		Expect(err).NotTo(HaveOccurred())
		Expect(bed.Client.List(w, list)).To(Succeed())
		Expect(meta.EachListItem(list, func(item runtime.Object) error {
			o := item.(client.Object)
			if ns := o.GetNamespace(); ns != w.ns && !strings.HasPrefix(ns, w.ns+"-") {
				return nil
			}
			err := bed.Client.Delete(w, o)
			if err == nil { // the operator does not put its finalizer on what is being deleted
				err = bed.Client.Patch(w, o, withoutFinalizers)
			}
			return client.IgnoreNotFound(err)
		})).To(Succeed())
	}
}

// simulate starts a simulated Plesk whose every packet is validated.
func simulate(o plesksim.Options) *testbed.Simulator {
	GinkgoHelper()
	o.OnInvalidAnswer = func(err error, request, answer []byte) {
		defer GinkgoRecover()
		Fail(fmt.Sprintf("the simulator's answer violates the grammar: %v\n%s\n%s", err, request, answer))
	}
	also := o.OnPacket
	o.OnPacket = func(p plesksim.Packet) {
		defer GinkgoRecover()
		if also != nil {
			also(p)
		}
		Expect(string(p.Response)).NotTo(ContainSubstring("<errcode>1014</errcode>"), "the operator sent a packet that violates the grammar:\n%s", p.Request)
	}
	s, err := bed.Simulate(o)
	Expect(err).NotTo(HaveOccurred())
	return s
}

// readyWorld is newWorld with the server reached.
func readyWorld(change ...func(*v1alpha1.PleskServer)) *world {
	GinkgoHelper()
	w := newWorld(change...)
	w.eventuallyReady(w.server)
	return w
}

func (w *world) create(o client.Object) {
	GinkgoHelper()
	if o.GetNamespace() == "" {
		o.SetNamespace(w.ns)
	}
	if _, ok := o.(*corev1.Namespace); ok {
		o.SetNamespace("")
	}
	Expect(bed.Client.Create(w, o)).To(Succeed())
}

// admin is the Secret with the credentials of the world's server.
func (w *world) admin() *corev1.Secret {
	return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: w.ns, Name: "web-01-admin"}}
}

func (w *world) reload(o client.Object) {
	GinkgoHelper()
	Expect(bed.Client.Get(w, client.ObjectKeyFromObject(o), o)).To(Succeed())
}

// edit changes an object as a user would, over whatever else changes it at the same time.
func edit[O client.Object](w *world, o O, change func(O)) {
	GinkgoHelper()
	Eventually(func() error {
		if err := bed.Client.Get(w, client.ObjectKeyFromObject(o), o); err != nil {
			return err
		}
		change(o)
		return bed.Client.Update(w, o)
	}).Should(Succeed())
}

// shortestResync is the shortest resyncPeriod that the API server accepts.
const shortestResync = 10 * time.Second

// request asks for a pass at once.
func (w *world) request(o client.Object) {
	GinkgoHelper()
	w.annotate(o, v1alpha1.AnnotationReconcile)
}

// wake has an object looked at as at a resync: nobody asks for it, and nothing that the operator knows has changed.
func (w *world) wake(o client.Object) {
	GinkgoHelper()
	w.annotate(o, "example.com/seen")
}

func (w *world) annotate(o client.Object, key string) {
	GinkgoHelper()
	patch := fmt.Sprintf(`{"metadata":{"annotations":{%q:%q}}}`, key, strconv.FormatInt(time.Now().UnixNano(), 10))
	Expect(bed.Client.Patch(w, o, client.RawPatch(types.MergePatchType, []byte(patch)))).To(Succeed())
}

func (w *world) delete(o client.Object) {
	GinkgoHelper()
	Expect(bed.Client.Delete(w, o)).To(Succeed())
}

func (w *world) eventuallyGone(o client.Object) {
	GinkgoHelper()
	Eventually(func() error {
		return client.IgnoreNotFound(bed.Client.Get(w, client.ObjectKeyFromObject(o), o.DeepCopyObject().(client.Object)))
	}).Should(Succeed())
	Eventually(func() bool {
		return bed.Client.Get(w, client.ObjectKeyFromObject(o), o.DeepCopyObject().(client.Object)) != nil
	}).Should(BeTrue(), "%s is still there", o.GetName())
}

// conditions reads the conditions of any of our objects that are about its present spec.
func conditions(o client.Object) []metav1.Condition {
	switch o := o.(type) {
	case v1alpha1.Object:
		return o.State().Conditions
	case *v1alpha1.PleskServer:
		return o.Status.Conditions
	case *v1alpha1.PleskSuspension:
		return o.Status.Conditions
	}
	return nil
}

// ready is the Ready condition, zero while it is not about the present generation.
func (w *world) ready(o client.Object) metav1.Condition {
	if bed.Client.Get(w, client.ObjectKeyFromObject(o), o) != nil {
		return metav1.Condition{}
	}
	c := meta.FindStatusCondition(conditions(o), v1alpha1.ConditionReady)
	if c == nil || c.ObservedGeneration != o.GetGeneration() {
		return metav1.Condition{}
	}
	return *c
}

func (w *world) eventuallyReady(objects ...client.Object) {
	GinkgoHelper()
	for _, o := range objects {
		Eventually(w.ready).WithArguments(o).Should(HaveField("Status", metav1.ConditionTrue), "%T %s", o, o.GetName())
	}
}

// eventuallySays waits until an object is not ready for a reason, with a message that holds all the texts.
func (w *world) eventuallySays(o client.Object, reason string, texts ...string) {
	GinkgoHelper()
	is := []gomegatypes.GomegaMatcher{HaveField("Status", metav1.ConditionFalse), HaveField("Reason", reason)}
	for _, t := range texts {
		is = append(is, HaveField("Message", ContainSubstring(t)))
	}
	Eventually(w.ready).WithArguments(o).Should(And(is...), "%T %s", o, o.GetName())
}

// ours lists all our objects in the namespace.
func (w *world) ours() []client.Object {
	var out []client.Object
	for _, kind := range testbed.OurKinds() {
		list, err := bed.ListOf(kind)
		Expect(err).NotTo(HaveOccurred())
		Expect(bed.Client.List(w, list, client.InNamespace(w.ns))).To(Succeed())
		items, err := meta.ExtractList(list)
		Expect(err).NotTo(HaveOccurred())
		for _, i := range items {
			out = append(out, i.(client.Object))
		}
	}
	return out
}

// checkConditions fails when any version of an object in the namespace contradicted itself.
func (w *world) checkConditions() {
	GinkgoHelper()
	Expect(versions.Complaints(w.ns)).To(BeEmpty())
}
