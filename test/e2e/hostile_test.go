// Servers that mean harm: what they answer costs them, and nobody else.

package e2e

import (
	"fmt"
	"net/http"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

// said is what the PleskServer of each hostile server says in the end.
var said = map[string]string{
	"attributes": "a tag with more than",
	"endless":    "a text or tag of more than",
	"deep":       "nested deeper than",
	"compressed": `it is encoded as "gzip"`,
	"redirect":   "HTTP status 307 (a redirect, which is not followed",
	"prompt":     "HTTP status 401",
	"mute":       "no answer within",
	"dripping":   "the answer was not complete within",
}

// enemy makes a PleskServer for a hostile server, with a customer that waits for it.
func (w *world) enemy(name string, answer http.HandlerFunc) (*v1alpha1.PleskServer, *v1alpha1.PleskCustomer) {
	GinkgoHelper()
	srv, secrets := bed.Enemy(answer).Server(w.ns, name)
	srv.Spec.EventPollInterval = w.server.Spec.EventPollInterval
	for _, secret := range secrets {
		w.create(secret)
	}
	w.create(srv)
	c := newCustomer(name)
	c.Spec.ServerRef.Name = name
	w.create(c)
	return srv, c
}

var _ = Describe("A server that means harm", func() {
	It("is said to, holds up nobody else, and is let go of with its objects", func() {
		w := readyWorld()
		c := newCustomer("acme")
		w.create(c)
		w.eventuallyReady(c)
		servers, customers := map[string]*v1alpha1.PleskServer{}, map[string]*v1alpha1.PleskCustomer{}
		for name, answer := range testbed.Hostilities() {
			Expect(said).To(HaveKey(name))
			servers[name], customers[name] = w.enemy(name, answer)
		}
		for name, srv := range servers {
			w.eventuallySays(srv, v1alpha1.ReasonServerNotReady, said[name])
			w.eventuallySays(customers[name], v1alpha1.ReasonServerNotReady, fmt.Sprintf("PleskServer %s/%s", w.ns, name))
		}
		edit(w, c, func(c *v1alpha1.PleskCustomer) { c.Spec.CompanyName = new("Still Served") })
		w.eventuallyReady(c)
		Expect(w.customerOnServer("acme").CompanyName).To(Equal("Still Served"))
		for name, srv := range servers {
			w.delete(customers[name])
			w.delete(srv)
			w.eventuallyGone(customers[name])
			w.eventuallyGone(srv)
		}
	})
})

var _ = Describe("A server that is slow", func() {
	It("takes its time for its own objects only", func() {
		slow := readyWorld(func(s *v1alpha1.PleskServer) { s.Spec.MaxParallelPackets = 1 })
		w := readyWorld()
		mine := newCustomer("acme")
		w.create(mine)
		w.eventuallyReady(mine)
		slow.plesk.Inject(plesksim.Fault{Delay: time.Second})
		const many = 40
		theirs := make([]*v1alpha1.PleskCustomer, many)
		for i := range theirs {
			theirs[i] = newCustomer(fmt.Sprintf("slow-%d", i))
			slow.create(theirs[i])
		}
		for i := range 3 {
			edit(w, mine, func(c *v1alpha1.PleskCustomer) { c.Spec.CompanyName = new(fmt.Sprintf("Acme %d", i)) })
			w.eventuallyReady(mine)
		}
		waiting := 0
		for _, c := range theirs {
			slow.reload(c)
			if !meta.IsStatusConditionTrue(c.Status.Conditions, v1alpha1.ConditionReady) {
				waiting++
			}
		}
		// One packet at a time, of which each takes a second and each object more than one: whoever waits for them waits for most of a minute.
		Expect(waiting).To(BeNumerically(">", many/2), "the edits were done while the slow server had hardly begun")
		slow.plesk.ClearFaults()
		for _, c := range theirs {
			slow.eventuallyReady(c)
		}
	})
})
