// One Plesk server: the simulator, the network before it, what stood there from the start, and who wrote to it.

package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

type server struct {
	number int // from 1
	name   string
	plesk  *testbed.Simulator
	proxy  *testbed.Proxy
	canary *v1alpha1.PleskCustomer // shows whether the server is served

	foreign  map[string]json.RawMessage // what stood there before the operator came, by kind and id
	existing map[string]bool            // the same, and what every fresh server has

	mu     sync.Mutex
	writes []write
}

// write is a packet that could change something.
type write struct {
	began time.Time
	who   string // the name of the manager's life
}

// newServer starts a simulator behind a proxy. It validates every packet and every answer.
func (r *run) newServer(number int) (*server, error) {
	s := &server{number: number, name: fmt.Sprintf("web-%02d", number)}
	var err error
	s.plesk, err = r.bed.Simulate(plesksim.Options{
		Hostname: s.name + ".servers.example", Seed: r.Seed + streamFaults + uint64(number)<<8, // numbers from 1
		OnPacket: func(p plesksim.Packet) { r.seen(s, p) },
		OnInvalidAnswer: func(err error, request, answer []byte) {
			r.report.broken(invalid, "%s: the simulator's answer violates the grammar: %v\n%s\n%s", s.name, err, request, answer)
		},
	})
	if err != nil {
		return nil, err
	}
	if s.proxy, err = r.bed.Proxy(strings.TrimPrefix(s.plesk.Access.URL, "https://")); err != nil {
		return nil, err
	}
	return s, r.furnish(s)
}

// seen notes one exchange.
func (r *run) seen(s *server, p plesksim.Packet) {
	if bytes.Contains(p.Response, []byte("<errcode>1014</errcode>")) {
		r.report.broken(invalid, "%s: a packet violates the grammar: %s", s.name, p.Request)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.Writes {
		s.writes = append(s.writes, write{began: p.Began, who: podOf(p.Agent)})
	}
}

// podOf reads the name of the pod from a User-Agent "plesk-operator/VERSION (POD)".
func podOf(agent string) string {
	_, pod, _ := strings.Cut(agent, " (")
	return strings.TrimSuffix(pod, ")")
}

// register creates the PleskServer and what it needs.
func (r *run) register(ctx context.Context, s *server) error {
	access := s.plesk.Access
	access.URL = "https://" + s.proxy.Address
	srv, secrets := access.Server(namespace, s.name)
	srv.Spec.DeletionPolicy = v1alpha1.DeletionPolicyDelete
	srv.Spec.MaxDeletionsPerHour, srv.Spec.MaxRecreationsPerHour = new(int32(100_000)), new(int32(100_000))
	srv.Spec.RecreationPolicy = v1alpha1.RecreationPolicyRecreate // subscriptions are removed by hand, too
	srv.Spec.EventPollInterval = metav1.Duration{Duration: pollInterval}
	srv.Spec.ResyncPeriod = metav1.Duration{Duration: r.Resync}
	for _, secret := range secrets {
		if err := r.create(ctx, secret); err != nil {
			return err
		}
	}
	return r.create(ctx, srv)
}

// webspace finds a subscription on the server, nil when there is none.
func (s *server) webspace(ctx context.Context, domain string) *webspace.GetResult {
	w, err := webspace.Get.One(ctx, s.plesk, webspace.GetRequest{Filter: webspace.ByName(domain).Query(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}})
	if err != nil {
		return nil // in this process nothing but "not found" happens
	}
	return &w
}
