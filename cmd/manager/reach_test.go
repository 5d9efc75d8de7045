// The flags about where servers may be.

package main

import (
	"net/netip"
	"testing"

	. "github.com/onsi/gomega"
)

func TestReach(t *testing.T) {
	g := NewWithT(t)
	r, err := reach("127.0.0.1, 10.96.7.0/24", "10.96.0.0/12,fd00:10:96::/112", "*.example.com,198.51.100.7", "10.96.0.1")
	g.Expect(err).NotTo(HaveOccurred())
	for address, permitted := range map[string]bool{
		"127.0.0.1": true, "127.0.0.2": false, "10.96.0.1": false, "10.96.1.1": false, "10.96.7.1": true, "fd00:10:96::1": false, "198.51.100.7": true,
	} {
		g.Expect(r.Addresses.Permits(netip.MustParseAddr(address))).To(Equal(permitted), address)
	}
	g.Expect(r.Hosts).To(BeEquivalentTo([]string{"*.example.com", "198.51.100.7"}))

	r, err = reach("", "", "", "kubernetes.default.svc")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(r.Addresses.Deny).To(BeEmpty())
	for _, flags := range [][3]string{{"localhost", "", ""}, {"", "10.0.0.0/33", ""}, {"", "", "https://web-01.example"}, {"", "", "web-*.example"}} {
		_, err := reach(flags[0], flags[1], flags[2], "")
		g.Expect(err).To(HaveOccurred(), "%q", flags)
	}
}
