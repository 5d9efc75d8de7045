// What is counted of the traffic to every server.

package session

import (
	"errors"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// Metrics counts packets and operations. Its labels hold names of servers and operations, never values.
type Metrics struct {
	packets    *prometheus.CounterVec
	operations *prometheus.CounterVec
	failures   *prometheus.CounterVec
	bytes      *prometheus.CounterVec
	duration   *prometheus.HistogramVec
	operator   *prometheus.HistogramVec // of all servers: a series for each server and operator would be too many
	shared     *prometheus.HistogramVec
	waited     *prometheus.HistogramVec
	door       *prometheus.GaugeVec
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
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "plesk_failures_total", Help: "Failures of operations, and of packets as a whole (once each), by class and Plesk's error code: 0 where none was answered, other for codes that are not known. NotFound and Exists are states, mostly.",
		}, []string{"server", "class", "code"}),
		bytes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "plesk_bytes_total", Help: "Bytes of packets and of their answers, by direction: sent or received.",
		}, []string{"server", "direction"}),
		door: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "plesk_server_open", Help: "1 where packets are sent to a server, 0 while nothing but a probe is, since the server does not answer or refuses all.",
		}, []string{"server"}),
		operator: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "plesk_operator_duration_seconds", Help: "Time from sending a packet to its decoded answer, for each operator that it has operations of. Those of one packet share its time.",
			Buckets: []float64{.01, .03, .1, .3, 1, 3, 10, 30, 100, 300},
		}, []string{"operator", "writes"}),
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
	r.MustRegister(m.operator)
	for _, v := range m.ofServers() {
		r.MustRegister(v)
	}
	return m
}

// byServer is a metric whose series are of one server each.
type byServer interface {
	prometheus.Collector
	DeletePartialMatch(of prometheus.Labels) int
}

func (m *Metrics) ofServers() []byServer {
	return []byServer{m.packets, m.operations, m.failures, m.bytes, m.duration, m.shared, m.waited, m.door}
}

// Forget drops the series of a server that is gone.
func (m *Metrics) Forget(server string) {
	for _, v := range m.ofServers() {
		v.DeletePartialMatch(prometheus.Labels{"server": server})
	}
}

// Traffic counts the bytes of one exchange with a server.
func (m *Metrics) Traffic(server string, sent, received int64) {
	m.bytes.WithLabelValues(server, "sent").Add(float64(sent))
	m.bytes.WithLabelValues(server, "received").Add(float64(received))
}

// observe counts a packet that left at a time and has been answered, or given up.
func (m *Metrics) observe(server string, tickets []*ticket, calls []xmlapi.Caller, err error, left time.Time) {
	took := time.Since(left).Seconds()
	m.shared.WithLabelValues(server).Observe(float64(len(tickets)))
	writes := false
	operators := map[string]bool{}
	for _, t := range tickets {
		m.waited.WithLabelValues(server, t.lane.String()).Observe(left.Sub(t.since).Seconds())
		writes = writes || t.writes
		for _, c := range t.calls {
			operators[c.Operator()] = true
		}
	}
	for operator := range operators {
		m.operator.WithLabelValues(operator, strconv.FormatBool(writes)).Observe(took)
	}
	m.duration.WithLabelValues(server, strconv.FormatBool(writes)).Observe(took)
	for _, c := range calls {
		m.operations.WithLabelValues(server, c.Operator(), c.Operation()).Inc()
	}
	outcome := "ok"
	if e, ok := errors.AsType[*xmlapi.Error](err); ok {
		outcome = string(e.Class)
		m.failed(server, e)
	} else {
		for _, c := range calls {
			m.failed(server, xmlapi.Failures(c)...)
		}
	}
	m.packets.WithLabelValues(server, outcome).Inc()
}

func (m *Metrics) failed(server string, failures ...*xmlapi.Error) {
	for _, e := range failures {
		code := "other"
		if e.Code == 0 || xmlapi.KnownCode(e.Code) {
			code = strconv.Itoa(e.Code)
		}
		m.failures.WithLabelValues(server, string(e.Class), code).Inc()
	}
}

// isOpen shows whether packets are sent to a server.
func (m *Metrics) isOpen(server string, open bool) {
	value := 0.0
	if open {
		value = 1
	}
	m.door.WithLabelValues(server).Set(value)
}
