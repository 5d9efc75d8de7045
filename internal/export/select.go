// Selection: which of what was found is described, and how references to the rest are written.

package export

import (
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

// domains are the kinds whose key is a domain name.
var domains = []string{"PleskSubscription", "PleskSite", "PleskSubdomain", "PleskSiteAlias"}

// choose selects.
func (e *run) choose() {
	e.chosen = map[*engine.Exportable]bool{}
	customers, subscriptions, names := normal(e.Customers, target.LoginKey), normal(e.Subscriptions, domain), normal(e.Domains, domain)
	all := len(customers)+len(subscriptions)+len(names) == 0
	for kind, list := range e.found {
		for _, x := range list {
			e.chosen[x] = e.wanted(kind) && (all || slices.ContainsFunc(e.index.chain(x), func(x *engine.Exportable) bool {
				switch {
				case x.Kind == "PleskCustomer" && slices.Contains(customers, x.Key.Name):
					return true
				case x.Kind == "PleskSubscription" && slices.Contains(subscriptions, x.Key.Name):
					return true
				}
				return slices.Contains(domains, x.Kind) && slices.Contains(names, x.Key.Name)
			}))
		}
	}
}

func normal(texts []string, f func(string) string) []string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = f(t)
	}
	return out
}

// domain is a domain name as a key has it.
func domain(name string) string {
	ascii, err := form.DomainName(name)
	if err != nil {
		return strings.ToLower(name)
	}
	return ascii
}

// point names what a reference points at: by its manifest, or by its key on the server where it has none.
func (e *run) point(to engine.Owner, kinds []string) (engine.Mention, *engine.Resolved) {
	x := e.index.find(to, kinds...)
	if x == nil || !slices.Contains(kinds, x.Kind) {
		return engine.Mention{}, nil
	}
	is := &engine.Resolved{Kind: x.Kind, Identity: x.Identity, Key: x.Key, In: x.In}
	if e.chosen[x] && !e.failed[x] {
		return engine.Mention{Kind: x.Kind, Name: e.names[x]}, is
	}
	return engine.Mention{Kind: x.Kind, External: e.external(x)}, is
}

// external is the key of something by which it is found on its server: where that is unique within something else, with that before it.
func (e *run) external(x *engine.Exportable) string {
	if x.Key.Within == (engine.Identity{}) {
		return x.Key.Name
	}
	for _, k := range e.kinds {
		if k.Kind != x.Kind {
			continue
		}
		for _, in := range k.Targets {
			if slices.Contains(k.Parents, in) {
				continue
			}
			if p := e.index.find(engine.Owner{Kind: in, Identity: x.Key.Within}); p != nil {
				return p.Key.Name + "/" + x.Key.Name
			}
		}
	}
	return x.Key.Name
}

// folder is where a manifest belongs: to its customer, its reseller, or the server.
func (e *run) folder(x *engine.Exportable) string {
	chain := e.index.chain(x)
	for _, kind := range []string{"PleskCustomer", "PleskReseller"} {
		for _, around := range chain {
			if around.Kind == kind {
				return strings.ToLower(strings.TrimPrefix(kind, "Plesk")) + "s/" + e.nameOf(around)
			}
		}
	}
	return "server"
}
