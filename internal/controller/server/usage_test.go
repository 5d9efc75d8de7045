package server

import (
	"fmt"
	"testing"

	. "github.com/onsi/gomega"
	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/apimachinery/pkg/types"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func used(name string, disk, traffic int64) webspace.GetResult {
	return webspace.GetResult{Data: &webspace.Data{
		GenInfo: &webspace.GenInfo{Name: name, RealSize: disk}, Stat: &webspace.Stat{Stat: hosting.Stat{Traffic: traffic}},
	}}
}

func TestUsageOf(t *testing.T) {
	g := NewWithT(t)
	all := []webspace.GetResult{used("small.example", 1, 10), used("large.example", 5, 3), used("also.example", 1, 2), {}, {Data: &webspace.Data{GenInfo: &webspace.GenInfo{Name: "bare.example"}}}}
	g.Expect(usageOf(all, "large")).To(Equal([]subscriptionUsage{
		{"[redacted].example", 5, 3}, {"also.example", 1, 2}, {"small.example", 1, 10},
	}), "the largest first, without secrets")
	var many []webspace.GetResult
	for i := range maxUsage + 1 {
		many = append(many, used(fmt.Sprintf("s%d.example", i), int64(i), 0))
	}
	shown := usageOf(many)
	g.Expect(shown).To(HaveLen(maxUsage))
	g.Expect(shown[len(shown)-1].disk).To(Equal(int64(1)), "the smallest is left out")
}

// TestUsageOfAServer gathers what servers show that say the same, or what no label may hold.
func TestUsageOfAServer(t *testing.T) {
	g := NewWithT(t)
	r := prometheus.NewPedanticRegistry()
	m := NewMetrics(r)
	one, other := types.NamespacedName{Namespace: "hosting", Name: "web-01"}, types.NamespacedName{Namespace: "hosting", Name: "web-02"}
	twice := []webspace.GetResult{used("acme.example", 1, 1), used("acme.example", 2, 2), used("\xff\x00.example", 1, 1)}
	m.usage.set(one, usageOf(twice))
	m.usage.set(other, usageOf(twice))
	series := func() (n int) {
		families, err := r.Gather()
		g.Expect(err).NotTo(HaveOccurred())
		for _, f := range families {
			n += len(f.GetMetric())
		}
		return n
	}
	g.Expect(series()).To(Equal(2 * (1 + 2*2)))
	m.forget(one)
	g.Expect(series()).To(Equal(1 + 2*2))
}
