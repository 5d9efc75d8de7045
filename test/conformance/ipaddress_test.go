// The row of PleskIPAddress.

package conformance

import (
	"encoding/json"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	family "github.com/plesk-operator/plesk-operator/internal/controller/address"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ip"
)

const newAddress = "198.51.100.9"

// addressRow has neither ids nor a mark: an address is known by itself. It has no filling: Plesk removes no address that is used.
var addressRow = row{
	kind: "PleskIPAddress",
	is:   kind(family.IPAddress{}),
	can:  []capability{exporter, maker, lister, logged, normalizer, serverScoped, named, blamer},
	prepare: func(s *site) {
		addAddress(s, neighbourAddress, "")
	},
	object: func(s *site) v1alpha1.Object {
		a := &v1alpha1.PleskIPAddress{Spec: v1alpha1.PleskIPAddressSpec{
			CommonSpec: s.common(), Address: newAddress, PrefixLength: new(int32(24)), Interface: new("eth0"), Type: new(v1alpha1.IPAddressShared),
			PublicAddress: new("203.0.113.9"),
		}}
		a.Name = s.name + "-address"
		return a
	},
	fields: []field{
		addressField("type", ip.Shared, ip.Exclusive, func(a *v1alpha1.PleskIPAddressSpec, unset bool) {
			if a.Type = new(v1alpha1.IPAddressExclusive); unset {
				a.Type = nil
			}
		}, func(i ip.Info) string { return i.Type }, func(r *ip.SetRequest, v string) { r.Type = &v }).spoiledBy(ip.Exclusive),
		addressField("publicAddress", "203.0.113.9", "203.0.113.10", func(a *v1alpha1.PleskIPAddressSpec, unset bool) {
			if a.PublicAddress = new("203.0.113.10"); unset {
				a.PublicAddress = nil
			}
		}, func(i ip.Info) string {
			if i.PublicAddress == nil {
				return ""
			}
			return *i.PublicAddress
		}, func(r *ip.SetRequest, v string) { r.PublicAddress = &v }),
	},
	list: func(s *site) []external {
		var out []external
		for _, i := range addresses(s) {
			content, err := json.Marshal(i)
			s.Expect(err).NotTo(HaveOccurred())
			out = append(out, external{id: i.Address, key: i.Address, content: string(content)})
		}
		return out
	},
	neighbour: neighbourAddress,
	plant: func(s *site, id string) []string {
		do(s, ip.Set, ip.SetRequest{Filter: ip.ByAddress(id), PublicAddress: new("192.0.2.77")})
		return []string{"192.0.2.77"}
	},
	rename: rename{change: set(func(a *v1alpha1.PleskIPAddress) { a.Spec.Address = "198.51.100.10" })},
	add: func(s *site, differing bool, _ string) {
		public := "203.0.113.9"
		if differing {
			public = "203.0.113.11"
		}
		addAddress(s, newAddress, public)
	},
	remove: func(s *site, id string) { do(s, ip.Del, xmlapi.FilterRequest{Filter: ip.ByAddress(id)}) },
}

const neighbourAddress = "198.51.100.20"

// addAddress adds an address behind the operator's back.
func addAddress(s *site, address, public string) {
	req := ip.AddRequest{Address: address, Netmask: "255.255.255.0", Type: ip.Shared, Interface: "eth0"}
	if public != "" {
		req.PublicAddress = &public
	}
	do(s, ip.Add, req)
}

// addresses are all that the server has.
func addresses(s *site) []ip.Info { return do(s, ip.Get, xmlapi.EmptyRequest{}).Addresses.Info }

// addressField is a field of an address.
func addressField(name, initial, changed string, spec func(a *v1alpha1.PleskIPAddressSpec, unset bool), read func(ip.Info) string,
	wire func(*ip.SetRequest, string),
) field {
	f := field{
		name: name, initial: initial, changed: changed,
		change: set(func(a *v1alpha1.PleskIPAddress) { spec(&a.Spec, false) }),
		unset:  set(func(a *v1alpha1.PleskIPAddress) { spec(&a.Spec, true) }),
		read: func(s *site, id string) string {
			for _, i := range addresses(s) {
				if i.Address == id {
					return read(i)
				}
			}
			return "gone"
		},
	}
	return f.spoiling("203.0.113.66", func(s *site, id, value string) {
		req := ip.SetRequest{Filter: ip.ByAddress(id)}
		wire(&req, value)
		do(s, ip.Set, req)
	})
}
