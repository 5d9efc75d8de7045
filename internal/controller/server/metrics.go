// What is shown of servers in metrics, beside their traffic: how far their event logs were read, and what their subscriptions use.

package server

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/apimachinery/pkg/types"

	"github.com/plesk-operator/plesk-operator/internal/engine"
)

// Metrics shows event logs and usage. Its labels hold names of servers, and of subscriptions where a PleskServer asks for their usage.
type Metrics struct {
	read  *prometheus.GaugeVec
	gaps  *prometheus.CounterVec
	usage *usageMetrics
}

// NewMetrics registers the metrics with r.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		read: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "plesk_event_log_read_timestamp_seconds", Help: "When all that the event log of a Plesk server had to tell was last read, in Unix time. What has changed there since is not known yet.",
		}, []string{"server"}),
		gaps: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "plesk_event_log_gaps_total", Help: "How often a Plesk server's event log did not go on where it had been read to, so that all of its objects were compared.",
		}, []string{"server"}),
		usage: newUsageMetrics(),
	}
	r.MustRegister(m.read, m.gaps, m.usage)
	return m
}

func (m *Metrics) heard(server types.NamespacedName, news engine.News) {
	m.read.WithLabelValues(server.String()).SetToCurrentTime()
	if news.Lost {
		m.gaps.WithLabelValues(server.String()).Inc()
	}
}

// forget drops the series of a server that is gone.
func (m *Metrics) forget(server types.NamespacedName) {
	of := prometheus.Labels{"server": server.String()}
	m.read.DeletePartialMatch(of)
	m.gaps.DeletePartialMatch(of)
	m.usage.forget(server)
}

// usageMetrics shows what the subscriptions of servers use, as it was last read.
type usageMetrics struct {
	disk, traffic, when *prometheus.Desc

	mu sync.Mutex
	of map[types.NamespacedName]usage
}

// usage is what the subscriptions of a server use.
type usage struct {
	read          float64 // Unix time
	subscriptions []subscriptionUsage
}

// subscriptionUsage is in bytes.
type subscriptionUsage struct {
	name          string
	disk, traffic int64
}

func newUsageMetrics() *usageMetrics {
	bySubscription := []string{"server", "subscription"}
	return &usageMetrics{
		disk:    prometheus.NewDesc("plesk_subscription_disk_bytes", "Disk space that a subscription uses, as the Plesk server has last counted it (spec.usageMetrics).", bySubscription, nil),
		traffic: prometheus.NewDesc("plesk_subscription_traffic_bytes", "Traffic of a subscription in the current month, as the Plesk server has last counted it (spec.usageMetrics).", bySubscription, nil),
		when:    prometheus.NewDesc("plesk_usage_read_timestamp_seconds", "When the usage of a Plesk server's subscriptions was last read, in Unix time.", []string{"server"}, nil),
		of:      map[types.NamespacedName]usage{},
	}
}

// Describe implements prometheus.Collector.
func (m *usageMetrics) Describe(to chan<- *prometheus.Desc) {
	to <- m.disk
	to <- m.traffic
	to <- m.when
}

// Collect implements prometheus.Collector.
func (m *usageMetrics) Collect(to chan<- prometheus.Metric) {
	m.mu.Lock()
	defer m.mu.Unlock()
	show := func(what *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(what, prometheus.GaugeValue, value, labels...)
	}
	for server, u := range m.of {
		show(m.when, u.read, server.String())
		for _, s := range u.subscriptions {
			show(m.disk, float64(s.disk), server.String(), s.name)
			show(m.traffic, float64(s.traffic), server.String(), s.name)
		}
	}
}

func (m *usageMetrics) set(server types.NamespacedName, now []subscriptionUsage) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.of[server] = usage{read: float64(time.Now().Unix()), subscriptions: now}
}

func (m *usageMetrics) forget(server types.NamespacedName) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.of, server)
}
