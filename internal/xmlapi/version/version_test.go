// Versions: their order, which one is spoken, and what each of them has.

package version_test

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/version"
)

func TestOrder(t *testing.T) {
	g := NewWithT(t)
	ascending := []version.Version{"", "nonsense", "1", "1.0.0.1", "1.6.3.5", "1.6.4.0", "1.6.4.1", "1.6.9.0", "1.6.9.1", "1.6.10.0", "2"}
	for i, v := range ascending[1:] {
		g.Expect(ascending[i].Before(v)).To(Equal(i > 0), "%s, %s: %s", ascending[i], v, "what is no version is like none")
		g.Expect(v.Before(ascending[i])).To(BeFalse(), "%s, %s", v, ascending[i])
	}
	g.Expect(version.Version("1.6.4").Before("1.6.4.0")).To(BeFalse())
	g.Expect(version.Newest([]string{"1.6.9.1", "1.0.0.0", "1.6.10.0"})).To(Equal([]string{"1.6.10.0", "1.6.9.1", "1.0.0.0"}))
}

func TestSpoken(t *testing.T) {
	listed := []string{"1.0.0.0", "1.6.5.0", "1.6.9.1", "1.6.9.0", "1.6.10.0", "1.6.5.1"}
	for asked, want := range map[string]version.Version{
		"": "1.6.10.0", "1": "1.6.10.0", "1.6": "1.6.10.0", "1.6.9": "1.6.9.1", "1.6.5": "1.6.5.1", "1.6.5.0": "1.6.5.0", "1.6.1": "", "1.6.5.0.0": "", "1.7": "",
	} {
		NewWithT(t).Expect(version.Spoken(asked, listed)).To(Equal(want), asked)
	}
	NewWithT(t).Expect(version.Spoken("", nil)).To(BeEmpty())
}

// What the document says of each version (protocol-core §3.2), and that nothing else is missing anywhere.
func TestWhatVersionsHave(t *testing.T) {
	g := NewWithT(t)
	since := map[string]version.Version{
		"resource-usage": "1.6.4.0",
		"parent-site-id": "1.6.5.0", "parent-site-name": "1.6.5.0", "parent-site-guid": "1.6.5.0", "duplicate": "1.6.5.0", "http_code": "1.6.5.0",
		"seo-redirect": "1.6.5.0", "web-server-settings": "1.6.5.0", "unpaid_website_status": "1.6.5.0",
		"power-user": "1.6.6.0", "get_events": "1.6.6.0", "get-last-id": "1.6.6.0",
		"nginx-proxy-mode": "1.6.8.0", "cgroups_cpu_usage": "1.6.8.0", "cgroups_ram_usage_soft": "1.6.8.0", "server/certificates": "1.6.8.0", "webmail-certificate": "1.6.8.0",
		"disk_space": "", "parent-id": "", "cgroups": "", "": "",
	}
	for name, v := range since {
		g.Expect(version.Since(name)).To(Equal(v), name)
		for _, is := range []version.Version{"1.6.3.5", "1.6.4.0", "1.6.5.0", "1.6.6.0", "1.6.7.0", "1.6.8.0", "1.6.9.0", version.Full} {
			g.Expect(is.Has(name)).To(Equal(!is.Before(v)), "%s, %s", name, is)
		}
		g.Expect(version.Full.Has(name)).To(BeTrue(), name)
	}
}
