// A life of the operator: one manager in this process, with memory of its own, that can be killed at any call.

package conformance

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/rest"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/config"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/plesk-operator/plesk-operator/internal/controller"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// passesMetric counts the passes of a life, by kind.
const passesMetric = "plesk_reconcile_passes_total"

// endsWithin is how long a life that is told to end may take.
const endsWithin = 20 * time.Second

// life is the operator from its start to its end.
type life struct {
	world    *world
	registry *prometheus.Registry
	dead     atomic.Bool // killed: nothing that it sends reaches anybody
	context.Context
	cancel context.CancelFunc
}

// run is the whole of a life. It ends with an error where the process would.
func (l *life) run() error {
	cfg := rest.CopyConfig(l.world.access)
	cfg.QPS = -1
	cfg.WrapTransport = func(next http.RoundTripper) http.RoundTripper { return &apiCalls{life: l, next: next} }
	patience := endsWithin
	mgr, err := ctrl.NewManager(cfg, manager.Options{
		Scheme:                  bed.Client.Scheme(),
		Cache:                   controller.Cache(l.world.namespaces(), l.world.namespace),
		MapperProvider:          func(*rest.Config, *http.Client) (meta.RESTMapper, error) { return mapper, nil },
		Metrics:                 metricsserver.Options{BindAddress: "0"},
		HealthProbeBindAddress:  "0",
		Controller:              config.Controller{SkipNameValidation: new(true)},
		GracefulShutdownTimeout: &patience,
	})
	if err != nil {
		return err
	}
	err = controller.Setup(l, mgr, controller.Options{
		Namespace: l.world.namespace, Concurrency: 4, Metrics: l.registry, Clock: l.world.clock, CreateSettleTime: l.world.settles,
		Timeouts: engine.Timeouts{Read: l.world.patience, Write: l.world.patience, Answer: l.world.patience}, Reach: engine.Reach{Addresses: xmlapi.Loopback},
	})
	if err != nil {
		return err
	}
	return mgr.Start(l)
}

// kill ends a life in the middle of whatever it does: from here on nobody hears of it.
func (l *life) kill() {
	if l.dead.CompareAndSwap(false, true) {
		l.world.silence()
		l.cancel()
	}
}

// passes counts the passes over objects of a kind that have ended.
func (l *life) passes(kind string) float64 {
	families, err := l.registry.Gather()
	if err != nil {
		return 0
	}
	var n float64
	for _, f := range families {
		if f.GetName() != passesMetric {
			continue
		}
		for _, m := range f.GetMetric() {
			for _, label := range m.GetLabel() {
				if label.GetName() == "kind" && label.GetValue() == kind {
					n += m.GetCounter().GetValue()
				}
			}
		}
	}
	return n
}

// operator begins one life after the other, as a kubelet would.
type operator struct {
	world *world

	mu      sync.Mutex
	now     *life
	lives   int
	stopped bool
	ended   chan struct{} // closed when the last life is over
}

// livesAllowed is how many lives a world may use up: one that cannot even start would go on for ever.
const livesAllowed = 12

// start begins a life, and another one whenever one ends.
func (o *operator) start() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.stopped, o.ended = false, make(chan struct{})
	l := o.next()
	go func() {
		defer close(o.ended)
		for l != nil {
			err := l.run()
			l.cancel()
			l = o.after(l, err)
		}
	}()
}

// next makes a life, with mu locked.
func (o *operator) next() *life {
	o.lives++
	l := &life{world: o.world, registry: prometheus.NewRegistry()}
	l.Context, l.cancel = context.WithCancel(o.world)
	o.now = l
	return l
}

// after buries a life and begins the next, nil when there is to be none.
func (o *operator) after(l *life, err error) *life {
	if families, err := l.registry.Gather(); err == nil {
		for _, f := range families {
			_, _ = fmt.Fprintln(exposed, f) // the spool remembers what went wrong
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if l.dead.Load() {
		o.world.hear()
	}
	if o.stopped || o.world.Err() != nil {
		return nil
	}
	if o.lives >= livesAllowed {
		o.world.complain("the operator ended %d times, lately with: %v", o.lives, err)
		return nil
	}
	return o.next()
}

// lastLife lets no other life follow the present one. What it returns is closed when that is over.
func (o *operator) lastLife() <-chan struct{} {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.stopped = true
	return o.ended
}

// stop ends the present life as a deployment would, and begins no other.
func (o *operator) stop() {
	o.mu.Lock()
	o.stopped = true
	o.now.cancel()
	o.mu.Unlock()
	<-o.ended
}

// life is the present one.
func (o *operator) life() *life {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}
