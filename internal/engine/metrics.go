// What is counted of the passes.

package engine

import "github.com/prometheus/client_golang/prometheus"

// Metrics counts passes and writes. Its labels hold servers, kinds and reasons, never names of objects or values.
type Metrics struct {
	passes *prometheus.CounterVec
	writes *prometheus.CounterVec
	// undeclared counts what is on servers and in no resource.
	undeclared *prometheus.GaugeVec
}

// NewMetrics registers the metrics with r.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		passes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "plesk_reconcile_passes_total", Help: "Passes over an object, by kind and the reason of its Ready condition afterwards.",
		}, []string{"kind", "reason"}),
		writes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "plesk_writes_total", Help: "Objects created, updated and deleted on Plesk servers, by kind.",
		}, []string{"kind", "action"}),
		undeclared: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "plesk_undeclared_objects", Help: "Objects on a Plesk server that no resource describes, by kind, as the last list of the kind has shown them.",
		}, []string{"server", "kind"}),
	}
	r.MustRegister(m.passes, m.writes, m.undeclared)
	return m
}

func (m *Metrics) pass(kind, reason string)  { m.passes.WithLabelValues(kind, reason).Inc() }
func (m *Metrics) write(kind, action string) { m.writes.WithLabelValues(kind, action).Inc() }
