// What is counted of the traffic to every server.

package session

import (
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// Metrics counts packets and operations. Its labels hold names of servers and operations, never values.
type Metrics struct {
	packets    *prometheus.CounterVec
	operations *prometheus.CounterVec
	duration   *prometheus.HistogramVec
	shared     *prometheus.HistogramVec
	waited     *prometheus.HistogramVec
}

// NewMetrics registers the metrics with r.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		packets: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "plesk_packets_total", Help: "Packets sent to a Plesk server, by outcome: ok or the class of the failure of the packet as a whole.",
		}, []string{"server", "outcome"}),
		operations: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "plesk_operations_total", Help: "Operations sent to a Plesk server in these packets.",
		}, []string{"server", "operator", "operation"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "plesk_packet_duration_seconds", Help: "Time from sending a packet to its decoded answer.",
			Buckets: []float64{.01, .03, .1, .3, 1, 3, 10, 30, 100, 300},
		}, []string{"server", "writes"}),
		shared: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "plesk_packet_callers", Help: "How many passes share a packet.",
			Buckets: []float64{1, 2, 5, 10, 20, 50},
		}, []string{"server"}),
		waited: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "plesk_packet_wait_seconds", Help: "Time that a caller waits until its packet leaves, by lane: foreground (somebody waits for the outcome) or background (resyncs).",
			Buckets: []float64{.001, .01, .1, 1, 10, 100},
		}, []string{"server", "lane"}),
	}
	r.MustRegister(m.packets, m.operations, m.duration, m.shared, m.waited)
	return m
}

// Forget drops the series of a server that is gone.
func (m *Metrics) Forget(server string) {
	of := prometheus.Labels{"server": server}
	for _, v := range []interface{ DeletePartialMatch(prometheus.Labels) int }{m.packets, m.operations, m.duration, m.shared, m.waited} {
		v.DeletePartialMatch(of)
	}
}

// observe counts a packet that left at a time and has been answered, or given up.
func (m *Metrics) observe(server string, tickets []*ticket, calls []xmlapi.Caller, err error, left time.Time) {
	m.shared.WithLabelValues(server).Observe(float64(len(tickets)))
	for _, t := range tickets {
		m.waited.WithLabelValues(server, t.lane.String()).Observe(left.Sub(t.since).Seconds())
	}
	outcome, writes := "ok", "false"
	if e, ok := errors.AsType[*xmlapi.Error](err); ok {
		outcome = string(e.Class)
	}
	for _, c := range calls {
		if c.Writes() {
			writes = "true"
		}
		m.operations.WithLabelValues(server, c.Operator(), c.Operation()).Inc()
	}
	m.packets.WithLabelValues(server, outcome).Inc()
	m.duration.WithLabelValues(server, writes).Observe(time.Since(left).Seconds())
}
