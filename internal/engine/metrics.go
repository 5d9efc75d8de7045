// What is counted of the passes, and of the objects.

package engine

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/apimachinery/pkg/api/meta"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/manager"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// Metrics counts passes and writes. Its labels hold servers, kinds and reasons, never names of objects or values.
type Metrics struct {
	passes *prometheus.CounterVec
	writes *prometheus.CounterVec
	drift  *prometheus.CounterVec
	ready  *prometheus.HistogramVec
	// undeclared counts what is on servers and in no resource.
	undeclared *prometheus.GaugeVec
	census     *census
}

// How a change that somebody has made on a server ends, in metrics.
const (
	driftCorrected = "corrected"
	driftLeft      = "left" // it is only observed, waits for a permit, or cannot be written
)

// NewMetrics registers the metrics with r.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		passes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "plesk_reconcile_passes_total", Help: "Passes over an object, by kind and the reason of its Ready condition afterwards.",
		}, []string{"kind", "reason"}),
		writes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "plesk_writes_total", Help: "Objects created, updated and deleted on Plesk servers, by kind.",
		}, []string{"kind", "action"}),
		drift: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "plesk_drift_total", Help: "Objects found changed on a Plesk server without a change of ours, by kind and what became of that: corrected, or left (observed, planned, or not to be written).",
		}, []string{"kind", "outcome"}),
		ready: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "plesk_edit_to_ready_seconds", Help: "Time from when the operator sees an edit of a resource until that is Ready, by kind. An edit that a later one overtakes does not count.",
			Buckets: []float64{.1, .3, 1, 3, 10, 30, 100, 300, 1000, 3600},
		}, []string{"kind"}),
		undeclared: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "plesk_undeclared_objects", Help: "Objects on a Plesk server that no resource describes, by kind, as the last list of the kind has shown them.",
		}, []string{"server", "kind"}),
		census: newCensus(),
	}
	r.MustRegister(m.passes, m.writes, m.drift, m.ready, m.undeclared, m.census)
	return m
}

func (m *Metrics) pass(kind, reason string)     { m.passes.WithLabelValues(kind, reason).Inc() }
func (m *Metrics) write(kind, action string)    { m.writes.WithLabelValues(kind, action).Inc() }
func (m *Metrics) drifted(kind, outcome string) { m.drift.WithLabelValues(kind, outcome).Inc() }
func (m *Metrics) isReady(kind string, after time.Duration) {
	m.ready.WithLabelValues(kind).Observe(after.Seconds())
}

// edit is a change of the spec whose pass has not ended in Ready yet.
type edit struct {
	generation int64
	seen       time.Time
}

// noteEdit notes when an edit was first seen.
func (r *reconciler[O, W]) noteEdit(o O) {
	if o.State().ObservedGeneration == o.GetGeneration() || deleting(o) {
		return
	}
	now := edit{o.GetGeneration(), r.clock.Now()}
	if was, known := r.edits.LoadOrStore(o.GetUID(), now); known && was.(edit).generation != now.generation {
		r.edits.Store(o.GetUID(), now)
	}
}

// measureEdit is for an object that has become Ready by a pass: it counts the time since the edit.
func (r *reconciler[O, W]) measureEdit(before, o O) {
	was, known := r.edits.LoadAndDelete(o.GetUID())
	already := before.State().ObservedGeneration == o.GetGeneration() && meta.IsStatusConditionTrue(before.State().Conditions, v1alpha1.ConditionReady)
	if known && !already && was.(edit).generation == o.GetGeneration() {
		r.metrics.isReady(r.kindName, r.clock.Since(was.(edit).seen))
	}
}

// census shows, when metrics are asked for, how many objects there are: by server, kind and the reason of Ready.
type census struct {
	objects *prometheus.Desc
	engine  atomic.Pointer[Engine] // nil until this process is the one that writes
}

// censusPatience is how long metrics wait for the cache.
const censusPatience = 5 * time.Second

func newCensus() *census {
	return &census{objects: prometheus.NewDesc("plesk_objects", "Resources, by the server that they are for, kind and the reason of their Ready condition, which is empty where none has been looked at yet. Shown by the leader only.",
		[]string{"server", "kind", "reason"}, nil)}
}

// begin is for the manager: it shows the objects from when this process is elected.
func (c *census) begin(mgr ctrl.Manager, e *Engine) error {
	return mgr.Add(manager.RunnableFunc(func(context.Context) error {
		c.engine.Store(e)
		return nil
	}))
}

// Describe implements prometheus.Collector.
func (c *census) Describe(to chan<- *prometheus.Desc) { to <- c.objects }

// Collect implements prometheus.Collector.
func (c *census) Collect(to chan<- prometheus.Metric) {
	e := c.engine.Load()
	if e == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), censusPatience)
	defer cancel()
	for _, k := range e.kinds {
		list := k.list()
		err := e.client.List(ctx, list, client.UnsafeDisableDeepCopy)
		objects, notList := objectsOf(list)
		if err := errors.Join(err, notList); err != nil {
			to <- prometheus.NewInvalidMetric(c.objects, err)
			return
		}
		type group struct{ server, reason string }
		counts := map[group]int{}
		for _, o := range objects {
			var of group
			server := KnownServer(o)
			if server.Name == "" {
				server, _ = e.serverOf(ctx, k.name, o) // none where what it lies in is not there
			}
			if server.Name != "" {
				of.server = server.String()
			}
			if ready := meta.FindStatusCondition(o.State().Conditions, v1alpha1.ConditionReady); ready != nil {
				of.reason = ready.Reason
			}
			counts[of]++
		}
		for of, n := range counts {
			to <- prometheus.MustNewConstMetric(c.objects, prometheus.GaugeValue, float64(n), of.server, k.name, of.reason)
		}
	}
}
