// PleskIPAddress: operator `ip`, natural key the address.

// Package address holds the kind of the server's IP addresses.
package address

import (
	"context"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ip"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskipaddresses,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskipaddresses/status,verbs=get;update;patch

// IPAddress is the kind PleskIPAddress. The address is the id, too: the server has no other one. That it is the recorded server's is the second
// attribute that proves whose it is.
type IPAddress struct{}

var (
	_ engine.Kind[*v1alpha1.PleskIPAddress, addressValue] = IPAddress{}
	_ engine.Maker[addressValue]                          = IPAddress{}
	_ engine.Lister[addressValue]                         = IPAddress{}
	_ engine.Logged                                       = IPAddress{}
	_ engine.Normalizer[addressValue]                     = IPAddress{}
	_ engine.ServerScoped                                 = IPAddress{}
	_ engine.Named                                        = IPAddress{}
	_ engine.Blamer                                       = IPAddress{}
)

// addressValue is what an address is on the wire.
type addressValue struct {
	Address      *string `plesk:"address,immutable"`
	PrefixLength *int    `plesk:"prefixLength,immutable"`
	Interface    *string `plesk:"interface,immutable"`
	Type         *string `plesk:"type"`
	Public       *string `plesk:"publicAddress"`
	Certificate  *string `plesk:"certificateName,writeonly=later"`

	info *ip.Info // as found: the server's spelling, and what status.observed shows
}

var addressTypes = form.Words{{string(v1alpha1.IPAddressShared), ip.Shared}, {string(v1alpha1.IPAddressExclusive), ip.Exclusive}}

// Roles : a reseller sees its pool, and changes nothing of it here.
func (IPAddress) Roles() []v1alpha1.ServerRole { return engine.ForAdministrators }

// Refs is empty: an address lies in nothing.
func (IPAddress) Refs() []engine.Ref[*v1alpha1.PleskIPAddress] { return nil }

func (IPAddress) ServerScoped() {}

func (IPAddress) Desired(o *v1alpha1.PleskIPAddress, _ engine.Inputs) (engine.Key, addressValue, error) {
	s := &o.Spec
	w := addressValue{
		Address: &s.Address, Interface: s.Interface, Type: (*string)(s.Type), Public: s.PublicAddress, Certificate: s.CertificateName,
	}
	if s.PrefixLength != nil {
		w.PrefixLength = new(int(*s.PrefixLength))
	}
	return engine.Key{Name: canonical(s.Address)}, w, nil
}

// canonical is an address in the one spelling by which it is known.
func canonical(address string) string {
	a, err := form.Address(form.SingleBlanks(address))
	if err != nil {
		return form.SingleBlanks(address)
	}
	return a.Unmap().String()
}

// Normal gives addresses their one spelling. A public address that is the address itself is none.
func (IPAddress) Normal(w addressValue) addressValue {
	for _, a := range []**string{&w.Address, &w.Public} {
		if *a != nil {
			*a = new(canonical(**a))
		}
	}
	if w.Address != nil && w.Public != nil && *w.Address == *w.Public {
		w.Public = new("")
	}
	form.Collapse(&w.Interface, &w.Certificate)
	return w
}

// Find looks through all addresses: no filter reads one.
func (k IPAddress) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[addressValue], error) {
	all, err := k.List(ctx, d, engine.Known{})
	if err != nil {
		return nil, err
	}
	key := h.Key
	if key.Name == "" {
		key = h.Was
	}
	for _, by := range []string{h.ID, key.Name} {
		if i := slices.IndexFunc(all, func(f *engine.Found[addressValue]) bool { return f.ID == by }); i >= 0 {
			return all[i], nil
		}
	}
	return nil, nil
}

// List reads all addresses in one packet. A server without any would not have answered.
func (IPAddress) List(ctx context.Context, d xmlapi.Doer, _ engine.Known) ([]*engine.Found[addressValue], error) {
	r, err := ip.Get.One(ctx, d, xmlapi.EmptyRequest{})
	if err != nil {
		return nil, err
	}
	if r.Addresses == nil || len(r.Addresses.Info) == 0 {
		return nil, xmlapi.Incomplete(ip.Get, "addresses")
	}
	return engine.ListOf(ip.Get, r.Addresses.Info, foundAddress)
}

func (IPAddress) EventClasses() (own, around []string) { return []string{"ip_address"}, nil }

func foundAddress(i ip.Info) (*engine.Found[addressValue], error) {
	address := canonical(i.Address)
	if address == "" {
		return nil, xmlapi.Incomplete(ip.Get, "ip_address")
	}
	return &engine.Found[addressValue]{
		Identity: engine.Identity{ID: address},
		Key:      engine.Key{Name: address},
		Value: addressValue{
			Address: &address, PrefixLength: prefixLength(i.Netmask), Interface: &i.Interface, Type: addressTypes.API(&i.Type),
			Public: new(form.Deref(i.PublicAddress)), info: &i,
		},
	}, nil
}

// prefixLength reads a mask written as an address, or a prefix length with or without its slash (operators-accounts-server §12); nil for neither.
func prefixLength(netmask string) *int {
	netmask = form.SingleBlanks(netmask)
	if n, err := strconv.Atoi(strings.TrimPrefix(netmask, "/")); err == nil {
		return &n
	}
	mask, err := form.Address(netmask)
	if err != nil {
		return nil
	}
	for bits := range mask.BitLen() + 1 {
		if netmaskOf(mask, bits) == mask {
			return &bits
		}
	}
	return nil
}

// netmaskOf is the mask of a prefix of addresses like one.
func netmaskOf(like netip.Addr, bits int) netip.Addr {
	ones, _ := netip.AddrFromSlice(slices.Repeat([]byte{0xff}, like.BitLen()/8)) // of a length that addresses have
	mask, _ := ones.Prefix(bits)                                                 // no longer than the address
	return mask.Addr()
}

// wireNetmask is a prefix as it is sent: of an IPv4 address the mask, of an IPv6 address its length.
func wireNetmask(address string, bits int) string {
	if a, err := form.Address(address); err == nil && a.Is4() && bits <= a.BitLen() {
		return netmaskOf(a, bits).String()
	}
	return strconv.Itoa(bits)
}

// Create adds the address to the server, which configures its interface.
func (IPAddress) Create(ctx context.Context, d xmlapi.Doer, w addressValue) (engine.Identity, error) {
	for _, needed := range []struct {
		field string
		there bool
	}{{"spec.prefixLength", w.PrefixLength != nil}, {"spec.interface", w.Interface != nil}, {"spec.type", w.Type != nil}} {
		if !needed.there {
			return engine.Identity{}, engine.Invalid(needed.field, "required to add the address")
		}
	}
	req := ip.AddRequest{
		Address: *w.Address, Netmask: wireNetmask(*w.Address, *w.PrefixLength), Type: *addressTypes.Wire(w.Type), Interface: *w.Interface,
	}
	if form.Deref(w.Public) != "" {
		req.PublicAddress = w.Public
	}
	_, err := ip.Add.One(ctx, d, req)
	return engine.Identity{ID: *w.Address}, err
}

// Update writes one thing per operation, as the protocol has it.
func (IPAddress) Update(ctx context.Context, d xmlapi.Doer, u engine.Update[addressValue]) error {
	f, err := filterOf(u.ID, u.Have)
	if err != nil {
		return err
	}
	p := u.Patch
	for _, change := range []struct {
		field string
		there bool
		req   ip.SetRequest
	}{
		{"spec.type", p.Type != nil, ip.SetRequest{Type: addressTypes.Wire(p.Type)}},
		{"spec.publicAddress", p.Public != nil, ip.SetRequest{PublicAddress: p.Public}},
		{"spec.certificateName", p.Certificate != nil, ip.SetRequest{CertificateName: p.Certificate}},
	} {
		if !change.there {
			continue
		}
		change.req.Filter = f
		if _, err := ip.Set.One(ctx, d, change.req); err != nil {
			return engine.Blame(change.field, err)
		}
	}
	return nil
}

// filterOf selects the address that was found, in the server's spelling.
func filterOf(id string, found addressValue) (xmlapi.Filter, error) {
	if found.info == nil || id == "" || canonical(found.info.Address) != id {
		return xmlapi.Filter{}, xmlapi.Incomplete(ip.Get, "the address to write to")
	}
	return ip.ByAddress(found.info.Address), nil
}

// Delete takes the address off its interface, too.
func (IPAddress) Delete(ctx context.Context, d xmlapi.Doer, found *engine.Found[addressValue]) error {
	f, err := filterOf(found.ID, found.Value)
	if err != nil {
		return err
	}
	_, err = ip.Del.One(ctx, d, xmlapi.FilterRequest{Filter: f})
	return err
}

// Contents lists the subscriptions on an address, and the resellers whose pools hold it. A subscription that shows no address may be on any.
func (IPAddress) Contents(ctx context.Context, d xmlapi.Doer, found *engine.Found[addressValue]) ([]engine.Content, error) {
	subscriptions := webspace.Get.Call(webspace.GetRequest{Filter: xmlapi.All(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}, HostingBasic: &xmlapi.Empty{}}})
	resellers := reseller.Get.Call(reseller.GetRequest{Filter: xmlapi.All(), Dataset: reseller.Dataset{GenInfo: &xmlapi.Empty{}, IPPool: &xmlapi.Empty{}}})
	if err := d.Do(ctx, subscriptions, resellers); err != nil {
		return nil, err
	}
	all, err := subscriptions.All()
	if err != nil {
		return nil, err
	}
	isIt := func(a string) bool { return canonical(a) == found.ID }
	var out []engine.Content
	for _, w := range all {
		s, err := target.ResolvedSite(w)
		if err != nil {
			return nil, err
		}
		on := append(slices.Clone(w.Data.GenInfo.DNSIPAddresses), addressesOf(w.Data.HostingBasic)...)
		if len(on) == 0 {
			return nil, xmlapi.Incomplete(webspace.Get, "the addresses of "+s.Key.Name)
		}
		if slices.ContainsFunc(on, isIt) {
			out = append(out, engine.Content{Kind: "PleskSubscription", Identity: s.Identity, Key: s.Key, Name: s.Key.Name})
		}
	}
	pools, err := resellers.All()
	if err != nil {
		return nil, err
	}
	for _, r := range pools {
		if r.Data == nil || r.Data.GenInfo == nil || r.Data.IPPool == nil {
			return nil, xmlapi.Incomplete(reseller.Get, "gen-info and ippool")
		}
		g := r.Data.GenInfo
		if slices.ContainsFunc(r.Data.IPPool.Addresses, func(a reseller.PoolAddress) bool { return isIt(a.Address) }) {
			out = append(out, engine.Content{
				Kind: "PleskReseller", Identity: engine.Identity{ID: engine.IDText(r.ID), GUID: g.GUID}, Key: engine.Key{Name: target.LoginKey(g.Login)}, Name: g.Login,
			})
		}
	}
	return out, nil
}

// addressesOf are those of a subscription's hosting, where it has some.
func addressesOf(h *hosting.Hosting) []string {
	switch {
	case h == nil:
		return nil
	case h.Virtual != nil:
		return h.Virtual.IPAddresses
	case h.StandardForward != nil:
		return h.StandardForward.IPAddresses
	case h.FrameForward != nil:
		return h.FrameForward.IPAddresses
	}
	return nil
}

func (IPAddress) Observe(o *v1alpha1.PleskIPAddress, f *engine.Found[addressValue]) {
	i := f.Value.info
	o.Status.Observed = &v1alpha1.ObservedIPAddress{
		Netmask: i.Netmask, Interface: i.Interface, Type: v1alpha1.IPAddressType(form.Deref(addressTypes.API(&i.Type))), PublicAddress: form.Deref(i.PublicAddress),
	}
}

func (IPAddress) KeyField() string { return "spec.address" }

// Field : of an add, a value that is refused is the address or its mask, which the schema has looked at; the interface has a code of its own.
func (IPAddress) Field(err *xmlapi.Error) string {
	if err.About() == xmlapi.AboutInterface {
		return "spec.interface"
	}
	return ""
}
