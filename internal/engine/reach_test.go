// Patterns for the hosts of servers.

package engine

import (
	"testing"

	. "github.com/onsi/gomega"
)

func TestHosts(t *testing.T) {
	g := NewWithT(t)
	h, err := ParseHosts(" *.Example.com, web-01.example.net ,198.51.100.7,[2001:db8::7],")
	g.Expect(err).NotTo(HaveOccurred())
	for url, served := range map[string]bool{
		"https://web-01.example.com:8443": true, "https://a.b.EXAMPLE.com": true, "https://web-01.example.com.": true, "https://web-01.example.net": true,
		"https://198.51.100.7:8443": true, "https://[2001:db8::7]:8443": true,
		"https://example.com": false, "https://evil-example.com": false, "https://web-01.example.com.evil": false, "https://a.web-01.example.net": false,
		"https://198.51.100.8": false, "https://.example.com": false,
	} {
		err := Reach{Hosts: h}.admits(url)
		g.Expect(err == nil).To(Equal(served), "%s: %v", url, err)
	}
	g.Expect(Reach{}.admits("https://anywhere.example")).To(Succeed())
}
