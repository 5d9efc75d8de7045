// Servers that mean harm: what they answer costs them, and nobody else.

package e2e

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
)

// hostile answers every packet in one way, and tells with what its PleskServer should end up.
type hostile struct {
	answer http.HandlerFunc
	says   string
}

// floods writes a beginning, and then the same again and again for as long as anybody reads.
func floods(begin, again string) http.HandlerFunc {
	piece := bytes.Repeat([]byte(again), 1+64<<10/len(again))
	return func(w http.ResponseWriter, r *http.Request) {
		_, err := io.WriteString(w, begin)
		for err == nil && r.Context().Err() == nil {
			_, err = w.Write(piece)
		}
	}
}

var hostiles = map[string]hostile{
	"attributes": {floods("<packet><server ", `a="b" `), "a tag with more than"},
	"endless":    {floods("<packet><server><get_protos><result><status>", "x"), "a text or tag of more than"},
	"deep":       {floods("<packet><server><get_protos>", "<a>"), "nested deeper than"},
	"compressed": {func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		floods("", "\x1f\x8b")(w, r)
	}, `it is encoded as "gzip"`},
	"redirect": {func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://192.0.2.1/", http.StatusTemporaryRedirect)
	}, "HTTP status 307"},
	"prompt": {func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("WWW-Authenticate", `Basic realm="Plesk"`)
		w.WriteHeader(http.StatusUnauthorized)
	}, "HTTP status 401"},
	"mute": {func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // who has not read the packet does not notice that the connection ends
		<-r.Context().Done()
	}, "no answer within"},
	"dripping": {func(w http.ResponseWriter, r *http.Request) {
		for pace := time.Tick(10 * time.Millisecond); r.Context().Err() == nil; <-pace {
			_, _ = io.WriteString(w, " ")
			w.(http.Flusher).Flush()
		}
	}, "the answer was not complete within"},
}

// enemy makes a PleskServer for a hostile server, with a customer that waits for it.
func (w *world) enemy(name string, h hostile) (*v1alpha1.PleskServer, *v1alpha1.PleskCustomer) {
	GinkgoHelper()
	s := httptest.NewTLSServer(h.answer)
	DeferCleanup(func() {
		s.CloseClientConnections() // ends what is still being answered
		s.Close()
	})
	access := w.plesk.Access
	access.URL, access.CA = s.URL, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	srv, secrets := access.Server(w.ns, name)
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
		for name, h := range hostiles {
			servers[name], customers[name] = w.enemy(name, h)
		}
		for name, srv := range servers {
			w.eventuallySays(srv, v1alpha1.ReasonServerNotReady, hostiles[name].says)
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
